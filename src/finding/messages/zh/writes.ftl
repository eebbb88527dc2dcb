# 对设备的命令：拒绝的原因，以及全部记录。
QIAO-W001 = 命令不是可读的报文：{ $fault ->
        [too-long] 超过命令应有的长度
        [too-deep] 嵌套超过命令应有的层数
        [too-many] 值的个数超过命令应有的数量
        [not-utf-8] 不是 UTF-8
        [incomplete] 在值的中间结束
        [duplicate-name] 同一对象中名称出现两次
        [lone-surrogate] 代理对不完整
        [number-too-large] 数值超出双精度浮点数的范围
        [name-too-long] 名称过长
       *[unexpected] 不是 JSON
    }，位于第 { $at } 字节。
    .title = 命令无法读取
    .fix = 请发送一个 JSON 对象，每个名称只出现一次；`qiao writes schema NAME` 显示其格式。
    .cause = 报文由手工拼接、被截断，或比命令应有的更大、更深。
QIAO-W002 = 命令中没有成员 `{ $name }`{ $nearest ->
        [none] 。
       *[other] ；您是否想写 `{ $nearest }`？
    }
    .title = 命令中的未知成员
    .fix = 请去掉；命令中不忽略任何内容，以免笔误未被发现。
    .cause = 名称写错，或是写给其他程序的。
QIAO-W003 = 命令缺少 `{ $name }`。
    .title = 命令缺少成员
    .fix = 请一并发送；`qiao writes schema NAME` 列出必需的内容。
    .cause = 发送了旧格式或其他格式的命令。
QIAO-W004 = `{ $name }` { $expected ->
        [uuid] 不是 UUID（8-4-4-4-12 位十六进制数字，不得全为零）
        [time] 不是 RFC 3339 格式的时间（精度不超过 100 ns）
        [milliseconds] 不是大于 0 的整数毫秒数
        [hexadecimal] 不是 64 位十六进制数字
        [guid] 不是 Guid（8-4-4-4-12 位十六进制数字）
        [base64] 不是带填充的 Base64 字节
        [localized-text] 不是由 `text` 和 `locale` 组成的对象
        [object] 不是对象
        [no-call] 不能用于方法调用：方法没有可供比较的值
       *[text] 不是文本
    }。
    .title = 命令成员格式错误
    .fix = 请按该格式书写。
    .cause = 发送程序采用了其他写法。
QIAO-W005 = 该命令是代理保留（retained）的报文：无人知道保留了多久。
    .title = 保留的命令
    .fix = 发布命令时不要设置保留标志，并发布一条空的保留报文以清除该主题。
    .cause = 测试工具设置了该标志；代理会向每个新订阅者重复该命令。
QIAO-W006 = 配置中没有任何条目允许此操作：{ $what }。
    .title = 没有对应的条目
    .fix = 如需允许，请在 `writes` 中增加条目。没有条目就不会写入。
    .cause = 主题、节点或设备写错，或从未被允许。
QIAO-W007 = 此处没有名为 `{ $name }` 的发送方可下达命令。
    .title = 未知的发送方
    .fix = 请在 `sender` 中写 `senders` 之一；不带 `sender` 的命令仅在“能发布者即可下达命令”处有效。
    .cause = 名称写错，或该发送方须以其他途径确认身份。
QIAO-W008 = `{ $name }` 的命令须签名，而此命令没有 `mac`。
    .title = 命令未签名
    .fix = 请把命令的 HMAC-SHA-256 写入 `mac`；“Commands to machines”一页说明其生成方法。
    .cause = 没有密钥的程序以该名称发送。
QIAO-W009 = `mac` 与命令及 `{ $name }` 的密钥不符。
    .title = 签名错误
    .fix = 请核对密钥、网关名称、条目名称及各部分的顺序；值与时间按报文中的原样逐字节计算。
    .cause = 密钥不同，或报文在途中被改动。
QIAO-W010 = `{ $name }` 不具有可下达此命令的任何角色：{ $roles }。
    .title = 发送方没有相应角色
    .fix = 如果它可以下达此命令，请在 `senders` 中赋予其中一个角色。
    .cause = 该发送方用于其他条目。
QIAO-W011 = 命令迟到 { $late }：其有效期为 { $ttl }。
    .title = 命令已过期
    .fix = 如仍需要，请用新的标识重新发送。网关不会留存命令待以后执行。
    .cause = 网络或代理缓慢，或发送方的时钟偏慢。
QIAO-W012 = 命令的时间超前 { $ahead }；允许 { $skew }。
    .title = 来自未来的命令
    .fix = 请让发送方与本机使用同一时间服务器。
    .cause = 发送方时钟偏快，或把本地时间当作 UTC。
QIAO-W013 = 本机时钟偏差 { $off }；允许 { $skew }。无法判断命令是否为新。
    .title = 时钟不可靠
    .fix = 请校准时钟。如果之前的时间有误而现在正确，请停止网关并把数据目录中的 `commands` 文件夹移走。
    .cause = 没有时间服务器，时钟从未设置或被调回。
QIAO-W014 = 该命令产生于网关开始监听之前，或其时钟校准之前。
    .title = 启动之前的命令
    .fix = 如仍需要，请用新的标识重新发送。
    .cause = 网关离线期间代理保存了该命令。
QIAO-W015 = 标识 { $id } 已用于另一条命令。
    .title = 标识被重复使用
    .fix = 每条命令都应生成新的 UUID；只有完全相同的重发才沿用原标识。
    .cause = 标识按计数或列表产生，而非随机生成。
QIAO-W016 = 命令 { $id } 正在执行；结果随后给出。
    .title = 命令执行中
    .fix = 请等待第一次的应答。
    .cause = 报文被投递两次，或发送方过早重发。
QIAO-W017 = 允许此操作的条目有效期至 { $until }。
    .title = 条目已到期
    .fix = 请重新审核该条目，并给出新的截止日期。
    .cause = 许可是有期限的。
QIAO-W018 = 配置为只读（read-only）：不写入任何内容。
    .title = 只读
    .fix = 如果允许写入设备，请在 `gateway` 下写 `access: as-listed`。
    .cause = 网关仅用于监视。
QIAO-W019 = 本地开关已关闭：不向设备写入任何内容。
    .title = 写入已关闭
    .fix = `qiao writes status` 显示原因；在本机执行 `qiao writes on` 可重新允许。
    .cause = 有人在设备上作业，或出现异常而被停止。
QIAO-W020 = 无法记录该命令：没有记录就不写入。
    .title = 命令未能记录
    .fix = 请腾出磁盘空间，并确认数据目录可写；`qiao audit verify` 显示记录的状况。
    .cause = 磁盘已满或损坏。
QIAO-W021 = 与 `{ $connection }` 没有连接；命令不会等待连接恢复。
    .title = 未连接
    .fix = 连接恢复后，请用新的标识重新发送。
    .cause = 设备已关机，或网络中断。
QIAO-W022 = `{ $name }` 应为 { $expected }；实际为{ $found ->
        [text] 文本
        [number] 数值
        [fraction] 带小数或指数的数值
        [boolean] 真假值
        [array] 数组
        [object] 对象
       *[null] 空值
    }。
    .title = 值的类型不符
    .fix = 请严格发送该类型；不做任何转换。大于 9007199254740991 的 64 位整数须写成文本。
    .cause = 程序把数值当文本发送，或附带单位。
QIAO-W023 = `{ $name }`：{ $value } 超出 { $type } 的范围。
    .title = 值超出类型范围
    .fix = 请发送该类型范围内的值。
    .cause = 该值本是为更宽的类型准备的。
QIAO-W024 = `{ $name }`：{ $type } 无法精确表示 { $value }，或并非所有 JSON 读取程序都能表示。
    .title = 值无法精确表示
    .fix = 请只发送该类型能容纳的位数；大于 9007199254740991 的 64 位整数用文本发送。
    .cause = 计算出的位数多于设备类型所能容纳的。
QIAO-W025 = `{ $name }` 应为 { $expected }；实际为 { $found }。
    .title = 值的形状不符
    .fix = 请按条目规定的元素个数逐行发送。
    .cause = 缺少元素，或用单个值代替了数组。
QIAO-W026 = `{ $name }`：{ $value } 不在 { $min } 与 { $max } 之间。
    .title = 值超出范围
    .fix = 请发送范围内的值。
    .cause = 笔误、单位不同，或试图超出允许范围。
QIAO-W027 = `{ $name }`：{ $value } 不在步长 { $step } 上。
    .title = 值位于两步之间
    .fix = 请发送步长的整数倍，从最小值起算。
    .cause = 该值为计算所得，未取整。
QIAO-W028 = `{ $name }`：{ $value } 不属于 { $known }。
    .title = 值不在列表中
    .fix = 请发送列表中的值。
    .cause = 设备的取值列表不同。
QIAO-W029 = `{ $name }` 长度为 { $length }；允许 { $limit }。
    .title = 值过长
    .fix = 请发送更短的值，或把 `max-length` 提高到设备可接受的长度。
    .cause = 本应发送名称，却发送了整个文件。
QIAO-W030 = 从 { $present } 到 { $value } 一次变化超过 { $most }。
    .title = 变化过大
    .fix = 请分几条命令完成，每次都在允许的变化范围内。
    .cause = 该值设定已久，或设备的状态与预想不同。
QIAO-W031 = 当前值无法读取或质量不良（{ $status }）：无法知道会改变什么。
    .title = 当前值未知
    .fix = 请查明设备为何不提供该值，再用新的标识重新发送命令。
    .cause = 服务器后面的传感器或控制器不在线。
QIAO-W032 = 命令预期为 { $expected }，而实际为 { $present }。
    .title = 与预期值不同
    .fix = 请读取该值，重新决定，再发送预期该值的命令。
    .cause = 期间有他人写入。
QIAO-W033 = 该条目的每条命令都须写明预期值：缺少 `expected`。
    .title = 未写预期值
    .fix = 请把最近看到的值作为 `expected` 发送。
    .cause = 程序是为不要求预期值的条目编写的。
QIAO-W034 = { $node } 为 { $present }，须为 { $needed }。
    .title = 联锁
    .fix = 请使设备进入写入所需的状态，再用新的标识重新发送命令。
    .cause = 门未关、设备不在自动模式，或有人在作业。
QIAO-W035 = { $node } 无法读取或质量不良（{ $status }）：视为不允许。
    .title = 联锁状态未知
    .fix = 请查明设备为何不提供该值。
    .cause = 服务器后面的传感器或控制器不在线，或节点不存在。
QIAO-W036 = 此命令已达到允许的频率：{ $rate }。
    .title = 命令过于频繁
    .fix = 请稍候，再用新的标识重新发送。
    .cause = 某程序在循环发送，或两个程序共用该条目。
QIAO-W037 = { $node } 为 { $found }，而条目写的是 { $expected }。
    .title = 节点类型不符
    .fix = 请写节点实际的类型，并重新核对界限。
    .cause = 设备软件有变动，或类型是猜测的。
QIAO-W038 = 同一目标的另一条命令正在执行。
    .title = 目标忙
    .fix = 请等待其结果并查看当前值，如仍需要再用新的标识重新发送。
    .cause = 两个发送方在控制同一目标。
QIAO-W039 = 该条目的命令最长有效 { $limit }；此命令写的是 { $ttl }。
    .title = 有效期过长
    .fix = 请去掉 `ttl`，或写更短的值。
    .cause = 程序是为慢速网络编写的。
QIAO-W040 = 已保存的标识达到上限，且没有足够旧而可遗忘的：无法区分重发与新命令。
    .title = 一天内命令过多
    .fix = 请降低各条目的速率；如果 `qiao check` 未报告，请告知我们。
    .cause = 下达的命令多于配置速率所允许的。
QIAO-W041 = 设备未接受：{ $status }。
    .title = 被设备拒绝
    .fix = 请检查网关用户在服务器上的权限以及设备的状态。
    .cause = 服务器禁止该用户写入，或设备当前状态不接受写入。
QIAO-W042 = 网关在发送之后、得知结果之前停止：命令可能已执行，也可能未执行。
    .title = 停止后结果未知
    .fix = 再次下达命令之前请先查看设备。
    .cause = 网关被终止，或断电。
QIAO-W043 = `{ $face }` 上的变量 `{ $node }` 不保存该条目所允许类型的值：无法写入。
    .title = 条目类型与变量不符
    .fix = 请使条目的类型和维度与变量向客户端展示的一致。展示词语编号的变量和对象不能写入。
    .cause = 采用了设备自身的类型；其配置档以另一种类型展示该值。
QIAO-A001 = 命令日志无法写入：{ $error }。停止向设备写入，遥测继续。
    .title = 命令未能记录
    .fix = 请腾出磁盘空间，并确认该目录可写。系统会自动重试。
    .cause = 磁盘已满或损坏，或目录属于其他用户。
QIAO-A002 = 审计记录无法读取：{ $error }。
    .title = 审计记录不可读
    .fix = 请以网关用户或有权读取其数据目录的用户身份运行。
    .cause = 该目录只属于网关用户。
QIAO-A003 = 无法设置开关：{ $error }。开关保持原状。
    .title = 开关未设置
    .fix = 请以网关用户身份运行；必要时可手工创建该文件：只要文件存在，就不会写入。
    .cause = 数据目录属于网关用户，或磁盘已满。
QIAO-A004 = `writes` 中没有条目 `{ $name }`。{ $nearest ->
        [none] 已有：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的条目
    .fix = 请写其中之一：{ $known }。
    .cause = 名称写错，或指的是另一份配置。
QIAO-A010 = 该记录与写入时不同：其哈希不符。
    .title = 审计记录被改动
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 有人编辑了文件，或磁盘丢失了数据位。
QIAO-A011 = 此记录之前缺少第 { $first } 至 { $last } 条记录。
    .title = 审计记录缺失
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 记录被取出或改动，或某个分段被删除。
QIAO-A012 = 第 { $seq } 条记录在此重复出现，此处应为第 { $expected } 条。
    .title = 审计记录重复
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 有一行或一个分段被复制进来。
QIAO-A013 = 此处是第 { $seq } 条记录，而应为第 { $expected } 条：记录被移动。
    .title = 审计记录被移动
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 行的顺序被改变。
QIAO-A014 = 第 { $seq } 条记录与前一条不衔接。
    .title = 审计链断裂
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 其中一条被带有自身哈希的另一条替换。
QIAO-A015 = 审计从第 { $first } 条记录开始，而没有任何记录说明之前的已按规定清除。
    .title = 审计记录缺少开头
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 最旧的分段被手工删除。
QIAO-A016 = 审计止于第 { $last } 条记录，而第 { $told } 条曾被写入：末尾被截断。
    .title = 审计记录缺少末尾
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 最后几行或最后一个分段被删除。
QIAO-A017 = 第 { $seq } 条记录与给出的标记不符。
    .title = 标记不符
    .fix = 请原样保存该目录的副本，并查明谁能写入。网关会在该处之后继续记录。
    .cause = 审计被重新写过，或标记来自其他网关。
QIAO-A018 = 第 { $seq } 条记录已被清除：无法比较该标记。
    .title = 标记过旧
    .fix = 请给出较新的标记，或提高 `limits` 下的 `audit`。
    .cause = 审计记录已达到允许的容量。
QIAO-A019 = `{ $name }` 不从主题接收命令：这里只能发送主题命令。
    .title = 没有主题的条目
    .fix = 请按其 `from` 指定的途径下达：OPC UA 服务器的客户端，或 NC-Link 的 Set/Request。
    .cause = 该条目使用 `nc-link-request`，或来自网关自己的服务器。
QIAO-A020 = 从这里能够确认身份的发送方都无权下达 `{ $name }`：允许的角色是 { $roles }。
    .title = 命令没有发送方
    .fix = 请用 `--sender` 指定，或给某个发送方一个密钥和以下角色之一：{ $roles }。
    .cause = 具有这些角色的发送方是 OPC UA 服务器的用户，或由另一个代理确认。
QIAO-A021 = 命令 { $id } 未在时限内得到应答，是否已执行不得而知。
    .title = 命令没有应答
    .fix = 请查看设备和 `qiao audit show`；不要直接重发。网关是否在运行，用的是否这份配置？
    .cause = 网关没有运行，代理不允许应答，或指的是另一份配置。

audit-whole = 共 { $records } 条记录，从第 { $first } 条起；末尾标记（请另行保存）：{ $mark }
audit-empty = 没有记录：此处未下达过命令
audit-before = 即将发送
audit-after = 已结束
audit-refused = 已拒绝
audit-refused-more = 又拒绝
audit-started = 网关启动
audit-stopped = 网关停止
audit-switched-off = 写入已关闭
audit-switched-on = 写入已开启
audit-dropped = 最旧的记录已清除
audit-broken = 此前的记录缺失
audit-journal-damaged = 命令日志损坏
audit-value = 值
audit-present = 当前值
audit-expected = 预期值
audit-reason = 原因
audit-configuration = 配置
audit-count = 数量
audit-code = 代码
audit-last = 直至
audit-outcome-done = 已完成
audit-outcome-refused = 已拒绝
audit-outcome-unknown = 未知
writes-on = 开关已打开：写入配置允许的内容。`qiao writes off` 会创建 { $file }。
writes-off = 开关已关闭：只要 { $file } 存在，就不写入任何内容。{ $reason }
writes-read-only = 配置为只读（read-only）：不写入任何内容。
