"""What `shroff init --from` is not sure of, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "propose.unreadable": (
        "{file}: cannot be read, or has no row",
        "{file}：无法读取，或没有数据行",
    ),
    "propose.no_table": (
        "{file}: not clear which table it is (columns: {columns})",
        "{file}：无法判断属于哪张表（列：{columns}）",
    ),
    "propose.other_table": (
        "{file}: read as {table}, could also be {other}",
        "{file}：按 {table} 处理，也可能是 {other}",
    ),
    "propose.also_holds": (
        "{file}: also holds what {table} needs; map it there too and ingest it a second time",
        "{file}：还包含 {table} 所需的列；可再配置一份映射并重复导入",
    ),
    "propose.other_columns": (
        "{file}: has other columns than the first file of {table}; the mapping fits the first",
        "{file}：列与 {table} 的第一个文件不同；映射以第一个文件为准",
    ),
    "propose.needed": (
        "{table}.{column} is needed and no column looks like it: name one under "
        "[mapping.{table}.columns], or compute it under [mapping.{table}.expressions]",
        "{table}.{column} 是必需列，但没有找到对应的列：请在 [mapping.{table}.columns] 中指定，"
        "或在 [mapping.{table}.expressions] 中计算",
    ),
    "propose.needed_values": (
        "{table}.{column} is needed and no column looks like it: it takes {values}; name a column "
        "under [mapping.{table}.columns], or, if it is the same for every row, {example} under "
        "[mapping.{table}] will do",
        "{table}.{column} 是必需列，但没有找到对应的列：取值为 {values}；"
        "请在 [mapping.{table}.columns] 中指定一列；如所有行都相同，"
        "在 [mapping.{table}] 中写 {example} 即可",
    ),
    "propose.needed_id": (
        "{table}.{column} is needed and no column looks like it: name one under "
        "[mapping.{table}.columns], or make one of columns that together tell rows apart, under "
        "[mapping.{table}]: {example}",
        "{table}.{column} 是必需列，但没有找到对应的列：请在 [mapping.{table}.columns] 中指定，"
        "或在 [mapping.{table}] 中用能唯一区分各行的几列拼成：{example}",
    ),
    "propose.extras": (
        "{file}: kept as extra columns: {columns}; map them under [mapping.{table}.columns], or "
        "name them in leave_out",
        "{file}：以下列将作为附加列保留：{columns}；如有需要请在 [mapping.{table}.columns] 中映射，"
        "不需要的请写入 leave_out",
    ),
    "propose.wanted": (
        "{table}.{column}: no column looks like it; the row is read without it, and figures that "
        "rest on it stay unknown",
        "{table}.{column}：没有找到对应的列；仍会导入，但依赖该列的指标将为未知",
    ),
    "propose.perhaps": (
        "{table}.{column}: is it '{name}'?",
        "{table}.{column}：是否为“{name}”列？",
    ),
    "propose.value_unknown": (
        "{table}.{column}: what does '{value}' mean? ({rows:count} of the rows looked at)",
        "{table}.{column}：“{value}”是什么含义？（抽看的行中有 {rows:count} 行）",
    ),
    "propose.value_likely": (
        "{table}.{column}: is '{value}' {meaning}? ({rows:count} of the rows looked at)",
        "{table}.{column}：“{value}”是否表示 {meaning}？（抽看的行中有 {rows:count} 行）",
    ),
    "propose.zone": (
        "{table}.{columns}: times name no zone and are read as UTC; if they are local, set "
        "time_zone",
        "{table}.{columns}：时间未注明时区，按 UTC 读取；如为当地时间请设置 time_zone",
    ),
    "propose.day_month": (
        "{table}.{columns}: is 03/04/2026 the 3rd of April or the 4th of March? Choose one of the "
        "time_formats",
        "{table}.{columns}：03/04/2026 是 4 月 3 日还是 3 月 4 日？请选择一种 time_formats",
    ),
    "propose.refused": (
        "{table}.{column}: {rows:count} of {total:count} rows looked at would be rejected "
        "({reason}), e.g. '{value}'",
        "{table}.{column}：抽看的 {total:count} 行中有 {rows:count} 行会被拒绝（{reason}），如“{value}”",
    ),
    "propose.design_kind": (
        "[designs.{design}]: was each ad drawn on its own (poisson), or a fixed number from each "
        "stratum (stratified)?",
        "[designs.{design}]：每条广告独立抽取（poisson），还是每层固定抽取若干条（stratified）？",
    ),
    "propose.design_census": (
        "[designs.{design}]: is everything that was queued there reviewed in the end?",
        "[designs.{design}]：该队列中的广告最终是否全部审完？",
    ),
    "propose.design_declare": (
        "{table}: '{queue}' looks like a random draw, but no probability is logged: declare it "
        "under [designs] if it is one",
        "{table}：“{queue}”看似随机抽检，但日志中没有抽样概率：如确为随机抽样，请在 [designs] 中声明",
    ),
    "propose.probability_scale": (
        "{table}.sampling_prob: goes up to {high:number}: a percentage? It must lie in (0, 1]",
        "{table}.sampling_prob：最大值为 {high:number}，是否为百分数？应在 (0, 1] 内",
    ),
    "propose.no_design": (
        "reviews: no sampling probability and no random queue found: leakage and recall will be "
        "bounds or proxies until an audit is drawn",
        "reviews：未发现抽样概率或随机抽检队列：在抽取审计样本之前，漏放率与查全率只能是上下界或代理值",
    ),
}
