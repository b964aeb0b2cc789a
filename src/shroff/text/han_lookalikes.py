"""Han characters that a hurried eye takes for one another, as writers of disguises use them.

Simplified forms: traditional ones are undone before. A group is one class, so that any member can
stand for any other; pairs that make two everyday words of one (货款 is not 贷款, 体检 is not 体验,
数学 is not 数字) are left out on purpose, however near their shapes. So is a character that begins the
split form of another (采 in 采彡 for 彩): taken for the whole, it would leave the rest in the way.
"""

from __future__ import annotations

__all__ = ["GROUPS"]

_GROUPS = """
己已巳 末未 土士 日曰 微徽薇溦 赌睹堵 人入 大太犬 天夭 干千于 力刀刁 九丸
贝见 师帅 今令 又叉 免兔 鸟乌 戊戌戍戎 户尸 侯候 住往 佳隹 折拆析
徒徙 栗粟 崇祟 拔拨 治冶 沐沭 泪汨汩 晴睛精 清情请 信倍 加伽珈枷 扣抠
群裙郡 博搏膊 彩踩睬 票嫖漂飘瞟膘 娼倡猖唱 枪抢呛 炮泡袍咆刨 妹昧姝 裸祼棵踝 色邑 性姓 淫婬滛
毒毐 烟咽胭姻 药葯 瘾隐稳 酒洒 弹掸 证征症怔钲 贷袋岱 款欵 钱浅 赚嫌谦 赢羸嬴蠃
奖桨浆 领岭 玲铃伶聆 刷涮唰 单箪郸 兼廉 职织帜 版板扳 佣拥痈 利俐莉痢 息熄媳
保褓堡葆 投役 资咨姿恣 币巾帀 炒抄吵钞 秒妙杪 沙纱砂莎 股骰 期欺 盘盆 涨账帐胀 牛午
老考 威葳崴 系糸 电甩 甲由申 话活恬 码玛蚂犸 链莲涟 网冈罔 址扯趾祉 站沾粘 减咸碱缄
肥淝 瘦搜艘溲馊 胖伴畔拌绊 斤斥 愈逾愉瑜渝榆喻 疗疔 医匠匡 效郊校 根跟恨很狠 祛怯袪 斑班 痘逗
增赠憎 粗租祖组阻诅 硬梗哽 壮状妆 液掖腋 胸汹匈 臀殿 骚搔 浪狼琅 萝箩锣罗 操澡躁燥噪 鸡鸠
鸭鸦 妓伎技 包苞孢 约钓 拍柏帕怕泊粕 听昕 黑嘿 客容 弩努驽怒 箭煎剪 炸诈榨
作昨怍 雷蕾擂 消销硝 冰氷 麻痳 象像橡 牙芽 仿访纺彷妨坊 假暇瑕遐 牌碑脾啤 原源 复夏
刻劾 破坡玻 解懈 最撮嘬 第笫弟 顶项 级极圾汲笈 独浊烛 国囯圀 因困囚囡 家冢
待侍 供拱 算祘 改攻 符苻 试拭轼 业亚 盟萌 赔陪培焙碚 元兀 块快 诀决抉
副幅辐 福褔 躺淌倘徜 骗偏编遍篇翩 诱绣锈 官宫 管菅 银垠龈 卡卞 密蜜宓 检捡俭 验脸
挂桂 娃洼蛙哇 停亭婷 腾滕藤 讯汛迅 王玉 淘掏陶萄 拼姘 购构沟钩 代伐 论伦沦抡轮纶 纹蚊汶
狂枉汪 赤亦 兑允 低抵底诋邸 价阶 优忧扰犹 惠蕙 震振赈 惊凉谅 秘泌 揭竭喝渴歇谒褐 暴爆瀑曝
肚杜 腿褪 臂壁璧譬 避僻劈 脂指 血皿 压庄 糖塘搪溏 肾贤 肝杆 胄胃 虚墟嘘
补扑朴 钢纲刚 延廷 幕墓暮慕募 辨辩辫瓣 即既 幻幼 厉历 毫亳豪 茶荼 芒茫 菜莱
荒慌谎 盲肓 市巿 晋普 坚竖 竟竞 寒塞赛 裁栽载截 哀衷衰 亨享 孤狐弧 瓜爪
籍藉 驰弛 仓仑 冷泠 凌陵棱绫 梁粱 遂逐 迷谜 咪眯 脑恼 蓝篮 磨魔摩
摸模膜漠摹 炉驴 沪泸 结洁诘拮 缘绿 禄碌 剩乘 刮括 例列冽 烈裂 坏环怀 胎抬怡贻
婴樱缨 孩核该咳骇 媒煤 嫁稼 仪议 挣睁狰铮 搞稿 冠寇蔻 灸炙 墙樯嫱蔷 插揷 抽柚油袖
洗冼 浴裕俗 汤荡烫 场扬杨肠畅 注柱拄驻蛀炷 荷何 虎虑 捕埔浦哺脯铺 棋琪淇旗 肖宵霄 贴帖
窝蜗涡祸锅 溜榴瘤馏 慰蔚 惰堕椭 欧殴鸥呕 经轻径茎劲颈 抹沫袜 抑仰 卯卵 刺剌 薄簿 猫描瞄喵锚
偎喂煨 啄琢涿 蜡腊猎 借惜 悔侮诲 峰锋烽蜂 搭塔嗒 纯钝沌盹 滴摘嫡镝 桃挑逃跳眺 洲州 柠拧狞咛
峡狭侠挟
"""

GROUPS: tuple[str, ...] = tuple(_GROUPS.split())
"""Each a string of two or more characters; no character is in two of them."""
