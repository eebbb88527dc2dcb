QIAO-F050 = { $place }：送往该服务器的一条记录无法读取，已跳过。
    .title = 无法读取的记录
    .fix = 若再次出现，请用 `qiao support dump` 提交日志；所显示的内容没有错误。
    .cause = 该记录由另一版本的 qiao 写入缓存，或磁盘返回的数据已损坏。

QIAO-F051 = { $place }：收到的值所属的机床目前未显示，已跳过。
    .title = 机床已不在的值
    .fix = 无需处理。机床恢复后，其节点也会恢复。
    .cause = 网关停止期间这些值在缓存中等待，此后该机床或其数据流已被移除。

QIAO-F052 = { $place }：{ $why ->
        [range] 该值超出节点数据类型的范围
        [exact] 节点的数据类型无法精确容纳该值
        [word] 该文本不是配置文件所知的任何一个词
        [unknown] 某个字段没有对应的节点
        [structure] 该值是此服务器无法表示的结构
        [cut] 记录在某个值中间结束
       *[other] 该值的类型与节点不同
    }；在收到合适的值之前，节点状态为坏（{ $profile }，显示于 { $face }）。
    .title = 在服务器上没有位置的值
    .fix = 更正配置文件的模式或映射中的类型，或在源头更正该值。其他值不受影响。
    .cause = 数据源发送的类型与配置文件的描述不同；不做取整，也不猜测。

QIAO-F053 = { $place }：有一个事件无法告知 OPC UA 客户端，已跳过。
    .title = 无法表示的事件
    .fix = 用 `qiao tap` 查看该事件；若其符合配置文件，请报告。
    .cause = 该事件的记录中没有带命名字段的结构。

QIAO-F054 = { $place }：其节点无法显示在 { $face } 上：{ $reason }。
    .title = 无法显示的节点
    .fix = 在 `machines:` 下为该机床另起名称，或减少送往该服务器的机床。
    .cause = 同一数据流的两台机床同名，或该服务器已达到节点上限。

QIAO-C140 = 数据流 `{ $flow }` 整体转发报文；OPC UA 服务器逐个显示其中的值。
    .title = 整体报文送往网关自身的服务器
    .fix = 写 `decode: profile`；没有配置文件的报文写 `decode: json`。
    .cause = `decode: message` 是从代理之间的数据流照搬而来。

QIAO-C141 = 数据流 `{ $flow }` 把值变成 `{ $profile }` 的采样；OPC UA 服务器显示的是值本身。
    .title = 采样送往网关自身的服务器
    .fix = 去掉 `publish-as`，或写明整台机床的配置文件，例如 `umati/machine-tool@1.02`。
    .cause = `publish-as` 是从送往代理的数据流照搬而来。
