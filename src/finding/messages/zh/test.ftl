# qiao test：按行规检验文件与消息。
QIAO-J001 = 无法读取：{ $detail }。
    .title = 目标无法读取
    .fix = 请检查路径和访问权限。
    .cause = 路径拼写有误，或无权读取该文件。
QIAO-J002 = 超过上限 { $limit }；超出部分未检验。
    .title = 目标过大
    .fix = 请拆分文件或文件夹。
    .cause = 长时间的记录存于一个文件，或指定了错误的文件夹。
QIAO-J003 = 不是可读取的 JSON：{ $kind ->
        [too-long] 超过 { $limit } 字节
        [too-deep] 数组和对象嵌套超过 { $limit } 层
        [too-many] 值超过 { $limit } 个
        [not-utf-8] 不是 UTF-8
        [incomplete] 在值的中间结束
        [unexpected] 此处应为 { $expected }
        [duplicate-name] 名称“{ $name }”在同一对象中出现两次
        [lone-surrogate] 代理对不完整
        [number-too-large] 数值超出双精度浮点数的范围
        [name-too-long] 名称过长
       *[other] { $detail }
    }。
    .title = 不是 JSON
    .fix = 请修正此处文本；一条消息最多 64 层、16 MiB、1,000,000 个值。
    .cause = 消息被截断、被手工改动，或采用了其他编码。
QIAO-J004 = 消息以字节顺序标记（BOM）开头。
    .title = 含字节顺序标记
    .fix = 请使用不带 BOM 的 UTF-8。
    .cause = 由编辑器或 .NET 程序添加；许多 JSON 解析器会拒收。
QIAO-J005 = 没有行规能识别此消息。
    .title = 未识别行规
    .fix = 请用 --profile 指定行规；qiao profile list 可列出全部行规。
    .cause = 消息不属于任何已安装的行规，或缺少识别特征。
QIAO-J006 = 有多个行规识别此消息：{ $profiles }。
    .title = 识别出多个行规
    .fix = 请用 --profile 指定行规。
    .cause = 安装了同一行规的两个版本，仅凭消息无法区分。
QIAO-J007 = 此处没有消息。
    .title = 没有可检验的内容
    .fix = 请指定文件，或含 .json、.jsonl、.ndjson 文件的文件夹。
    .cause = 文件夹为空，或其中文件的扩展名不同。
QIAO-J008 = 规则 { $rule } 无法判定：{ $why ->
        [size] 消息中的值过多
       *[kind] 此处的值无法比较或计数
    }。
    .title = 规则未判定
    .fix = 请先修正 Schema 在此处指出的问题；过大的消息请拆分。
    .cause = 值的类型有误，或消息过大。
QIAO-J009 = { $profile } 的 Schema 无法使用：{ $detail }。
    .title = Schema 不可用
    .fix = 请对该行规的文件夹运行 qiao profile check。
    .cause = 这是自定义行规，且从未检查过。
QIAO-J010 = 无法写入报告：{ $detail }。
    .title = 报告未写入
    .fix = 请检查路径和访问权限。
    .cause = 文件夹不存在，或磁盘已满。

test-summary = 共 { $count } 条消息：{ $pass } 条符合，{ $fail } 条不符合，{ $inconclusive } 条无法判定。
test-more = 另有 { $count } 处。
test-left-out = 另有 { $count } 条消息已检验并计数，其结果未逐一列出。
test-report = 符合性检验报告
test-pass = 符合
test-fail = 不符合
test-inconclusive = 无法判定
test-not-applicable = 不适用
test-rule = 规则
test-rules = 规则
test-place = 位置
test-text = 要求与整改措施
test-clause = 依据
test-progress = 已检查文件：
