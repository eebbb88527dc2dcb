# 行规之间的转换；`qiao translate`。
QIAO-X001 = 无法读取报文：{ $detail }。
    .title = 报文不可读
    .fix = 请检查路径、权限以及是否为 JSON。
    .cause = 文件不是 JSON、过大或无权读取。
QIAO-X002 = 无法判断报文使用的行规：{ $count ->
        [0] 没有符合的行规
       *[other] { $profiles } 同样符合
    }。
    .title = 未识别行规
    .fix = 请用 `--from` 指定。
    .cause = 报文属于其他标准，或两个行规的识别特征相同。
QIAO-X003 = 目标要求该成员，但没有内容填充。可填充的概念：{ $concept ->
        [none] 无
       *[other] { $concept }
    }。
    .title = 缺少必需成员
    .fix = 请用 `--set 概念=值` 给出，或换用含有该值的源。
    .cause = 源中没有目标所要求的内容。
QIAO-X004 = 为 `{ $concept }` 给定的值在目标中没有位置：{ $reason }。
    .title = 给定值无处存放
    .fix = 去掉该 `--set`，或改用目标具有的概念；`qiao profile show` 可列出这些概念。
    .cause = 目标没有该概念的字段，目标的对照表没有该值，或者报文已填充该位置。

translate-exact = 精确
translate-exact-means = 值相同，写法也相同
translate-converted = 已转换
translate-converted-means = 值相同，写法不同，可以还原
translate-approximated = 近似
translate-approximated-means = 值近似，依据所列规则
translate-absent = 缺失
translate-absent-means = 没有该值，原因如所列
translate-open = 空缺
translate-unreadable = 该值不能按映射规定读取
translate-no-value = 没有值
translate-unknown-word = 对照表中没有该值
translate-other-spelling = 同一词的另一种写法
translate-many-to-one = 多个取值合并为一个
translate-some-absent = 部分取值在目标中没有对应的词
translate-not-whole = 该数值换算为目标单位后不是整数
translate-rounded = 已舍入
translate-out-of-range = 该数值超出目标范围
translate-one-language = 多种语言中只保留一种
translate-language-dropped = 目标不注明语言
translate-language-unknown = 未注明语言（und）
translate-day-only = 只保留日期
translate-start-of-day = 取该日 UTC 零时；来源未给出具体时刻
translate-unit-unknown = 单位未知；从不猜测单位
translate-unit-unfit = 两个单位对应不同的量
translate-unit-stated = 数值的单位
translate-frame = 格式的固定部分
translate-unmapped = 源映射中没有涉及
translate-no-concept = 源映射未指定概念
translate-no-target = 目标没有该概念的字段
translate-no-source = 源中没有可填充的内容
translate-no-place = 目标中没有位置
translate-already-filled = 该处已有其他值
translate-by-table = 按对照表转换
translate-derived = 取自较长文本的一部分
translate-first-instance = 目标只有一个位置，由多个中的第一个占用
translate-only-instance = 目标有多个位置，唯一的值以名称 1 存放
translate-withheld = 按要求不予传出
translate-person = 涉及个人且未被明确指定
translate-head-concept = 概念（中 / 德）
translate-head-source = 源字段
translate-head-target = 目标字段
translate-head-fate = 结果
translate-head-rule = 规则或原因
translate-signed = 双方确认
translate-sign-place = 地点、日期
translate-sign-name = 姓名、签字
translate-coverage-summary = 源字段：精确 { $exact }，已转换 { $converted }，近似 { $approximated }，缺失 { $absent }。无来源的目标字段：{ $open }。
translate-coverage-source = 源字段的转换结果
translate-coverage-target = 源中没有对应内容的目标字段
translate-summary = 精确 { $exact }，已转换 { $converted }，近似 { $approximated }，缺失 { $absent }。
translate-given = 外部给定：{ $concept } → { $pointer }
translate-form-plain = 普通 JSON 值
translate-form-decimal-text = 文本形式的数值
translate-form-epoch-ms = 1970 年以来的毫秒数
translate-form-epoch-ms-text = 文本形式的 1970 年以来毫秒数
translate-form-date = 日期
translate-form-localized = 带语言标记的文本
translate-form-languages = 多语言文本
translate-form-languages-any = 不带语言标记的文本
