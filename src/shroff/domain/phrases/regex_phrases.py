"""What is said of faults of a regular expression, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "rules.regex.too_long": (
        "a regular expression has at most {most:count} characters",
        "正则最多 {most:count} 个字符",
    ),
    "rules.regex.too_deep": (
        "parentheses stand at most {most} deep",
        "括号最多嵌套 {most} 层",
    ),
    "rules.regex.too_large": (
        "written out, this is longer than {most:count} characters",
        "展开后超过 {most:count} 个字符",
    ),
    "rules.regex.counts_multiply": (
        "counts inside one another multiply to more than {most:count}",
        "嵌套的次数相乘超过 {most:count}",
    ),
    "rules.regex.empty_repeats": (
        "parts that may be empty are repeated inside one another too often",
        "可为空的部分嵌套重复过多",
    ),
    "rules.regex.too_many_times": (
        "a part can be repeated at most {most:count} times",
        "最多重复 {most:count} 次",
    ),
    "rules.regex.numbers_swapped": (
        "the first number must not be larger than the second",
        "第一个数字不能大于第二个",
    ),
    "rules.regex.no_lower_number": (
        "say from how many times on: 0,n",
        "请写明最少次数：0,n",
    ),
    "rules.regex.nothing_to_repeat": (
        "there is nothing to repeat; put a backslash in front for the character itself",
        "前面没有可重复的内容；若要字符本身请加反斜杠",
    ),
    "rules.regex.repeated_assertion": (
        "a place (^, $, a boundary) cannot be repeated",
        "位置（^、$、边界）不能重复",
    ),
    "rules.regex.repeated_twice": (
        "this is repeated twice; put the first repetition in parentheses",
        "连续两次重复；请给前一次加括号",
    ),
    "rules.regex.possessive": (
        "there are no possessive repetitions; matching is linear without",
        "不支持占有型量词；匹配本来就是线性的",
    ),
    "rules.regex.lookaround": (
        "there is no {sign} ... ); use 'not', 'allow', 'unless' or a word boundary",
        "不支持 {sign} ... )；请用 not、allow、unless 或词边界",
    ),
    "rules.regex.back_reference": (
        "there are no back-references; write the choices out",
        "不支持反向引用；请写出各种可能",
    ),
    "rules.regex.named_group": (
        "groups have no names; use ( ... )",
        "分组没有名称；请用 ( ... )",
    ),
    "rules.regex.flags": (
        "there are no flags ({flags}); case never matters unless the rule's evasion says so",
        "不支持标志（{flags}）；除非规则另设，大小写不影响匹配",
    ),
    "rules.regex.comment": (
        "there are no comments in a pattern; use one of YAML",
        "正则内不支持注释；请用 YAML 注释",
    ),
    "rules.regex.unknown_group": (
        "there are no groups like {sign}",
        "不支持 {sign} 这类分组",
    ),
    "rules.regex.open_parenthesis": (
        "this parenthesis is never closed",
        "此括号没有闭合",
    ),
    "rules.regex.extra_parenthesis": (
        "this parenthesis was never opened; put a backslash in front for the character itself",
        "此括号没有对应的左括号；若要字符本身请加反斜杠",
    ),
    "rules.regex.open_bracket": ("this class is never closed", "此字符类没有闭合"),
    "rules.regex.bracket_first": (
        "put a backslash before a bracket in a class",
        "字符类中的方括号前请加反斜杠",
    ),
    "rules.regex.bracket_in_class": (
        "put a backslash before a bracket in a class",
        "字符类中的方括号前请加反斜杠",
    ),
    "rules.regex.bare_brace": (
        "put a backslash before a brace that repeats nothing",
        "不表示重复的花括号前请加反斜杠",
    ),
    "rules.regex.range_of_class": (
        "a range goes from one character to another; put a backslash before a hyphen as such",
        "范围的两端必须是字符；若要连字符本身请加反斜杠",
    ),
    "rules.regex.range_reversed": (
        "the range goes backwards",
        "范围的起止颠倒",
    ),
    "rules.regex.boundary_in_class": (
        "there are no boundaries in a class",
        "字符类中不能写边界",
    ),
    "rules.regex.unknown_escape": (
        "{sign} means nothing here",
        "{sign} 在此没有含义",
    ),
    "rules.regex.lone_backslash": (
        "a backslash must be followed by something",
        "反斜杠后面必须有字符",
    ),
    "rules.regex.no_such_character": (
        "there is no such character",
        "没有这个字符",
    ),
    "rules.regex.unknown_property": (
        "there is no class of Unicode '{name}' here; closest: '{close}'",
        "没有 Unicode 类“{name}”；最接近：“{close}”",
    ),
    "rules.regex.unknown_posix": (
        "there is no class [:{name}:]",
        "没有字符类 [:{name}:]",
    ),
    "rules.regex.surrogate": (
        "half a character cannot be matched",
        "不能匹配半个字符（代理码元）",
    ),
}
