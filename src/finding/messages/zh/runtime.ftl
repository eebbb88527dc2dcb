QIAO-R001 = { $unit } 异常终止（{ $why }），将在 { $pause } 毫秒后重新启动。请反馈此前的日志。
    .title = 网关的一部分被重新启动
    .fix = 网关会自行恢复；此情况不应发生，请反馈这一行之前的日志。
    .cause = 这是 qiao 的缺陷，由其未预料到的情况触发。
QIAO-R002 = 另一个 qiao（进程 { $process }）正在使用此数据目录。
    .title = 数据目录被占用
    .fix = 停止另一个进程，或为本网关设置单独的 `gateway.data-dir`。
    .cause = 服务运行时又手动启动了网关，或两份配置使用同一目录。
QIAO-R003 = 无法使用数据目录：{ $error }。
    .title = 数据目录不可用
    .fix = 创建该目录，并使运行 qiao 的用户可以写入。
    .cause = 目录属于其他用户，磁盘只读或已满，或容器没有在此挂载卷。
QIAO-R004 = 无法读取或写入隔离区：{ $error }。
    .title = 隔离区不可用
    .fix = 检查数据目录下的剩余空间和权限。在此之前，被拒绝的消息会计数，但无法显示。
    .cause = 磁盘已满或故障后被挂载为只读，或目录权限被更改。
QIAO-R005 = 无法在该地址提供 HTTP 服务：{ $error }。
    .title = HTTP 地址不可用
    .fix = 释放该端口，或修改 `gateway.http`。
    .cause = 端口被其他程序占用，或地址不属于本机。
QIAO-R006 = 一个 { $bytes } 字节的事务无法放入 { $limit } 字节的缓存；其中的消息已丢失，并计为“搁置”。
    .title = 超过缓存容量
    .fix = 增大 `limits.memory`，或减少每台设备选择的节点。
    .cause = 一台设备有大量节点或大型数组，且必须放在同一条消息中。
QIAO-R007 = 处理流水线已有 { $seconds } 秒没有活动迹象。
    .title = 流水线停滞
    .fix = 在 systemd 下，看门狗会重新启动网关。请反馈日志。
    .cause = 计算机过载或曾被挂起，或 qiao 有缺陷。
QIAO-R008 = 操作系统拒绝了 qiao 运行所需的资源：{ $error }。
    .title = 无法在此运行
    .fix = 检查用户或容器的限制（线程、文件描述符）。
    .cause = 服务或容器的限额过低，或经过安全加固的系统禁止了某个调用。
QIAO-R009 = 已停止，但有 { $messages } 条消息未送达，{ $units } 个部分被强制中止。这些消息仅在内存中，已丢失。
    .title = 停止时有遗留
    .fix = 增大 `gateway.drain`，或在 Broker 已连接时停止。
    .cause = 停止网关时 Broker 未连接，或排空时间过短。
QIAO-R010 = 隔离区中没有编号为 { $id } 的条目。
    .title = 没有该条目
    .fix = `qiao quarantine list` 会显示编号；隔离区满时旧条目会被清除。
    .cause = 编号输入有误，或隔离区已满时该条目是最旧的。
QIAO-R011 = 配置中没有 `gateway.http`，无法询问正在运行的网关。
    .title = 未配置 HTTP 地址
    .fix = 在 `gateway` 中添加 `http: "127.0.0.1:8080"`，或用 `--url` 询问另一个网关。
    .cause = 该地址是可选项，没有配置；而此命令通过 HTTP 查询网关。
QIAO-R012 = 网关没有响应：{ $error }。
    .title = 网关没有响应
    .fix = 它在运行吗？`qiao run -c 文件` 启动网关；`gateway.http` 指明它的地址。
    .cause = 网关没有运行，使用的是另一份配置，或运行在未发布端口的容器中。
QIAO-R013 = 启动以来有 { $records } 条记录无法写入隔离区，证据已丢失。
    .title = 隔离区未写入
    .fix = 在 `gateway.data-dir` 所在磁盘上腾出空间，或调低 `limits.quarantine`；原因见日志中的 QIAO-R004。
    .cause = 磁盘已满或过慢，或被拒绝的消息多到来不及写入。
QIAO-M109 = 数据流 `{ $flow }` 的账目不平：{ $values } 个源值去向不明；若为负数，则有值被重复计入。这是网关自身的错误。
    .title = 去向不明的值
    .fix = 请附上 `qiao status --json` 的输出和日志上报。磁盘上等待的数据不受影响；重启后账目重新开始。
    .cause = 网关自身的错误：接收的值总应等于各去向之和。
run-started = 网关正在运行。{ $durability ->
    [durable] 持久化数据流在确认之前已落盘；其余的会随进程丢失。
   *[memory] 缓存在内存中：进程结束时等待的消息会丢失。
}
run-kept = { $messages } 条消息保存在磁盘上；下次启动时送达。
run-stopping = 正在停止：最多再用 { $seconds } 秒送出剩余消息。再次发送信号将立即停止。
run-stopped = 已停止，没有遗留。
run-browsing = { $name }：正在浏览服务器，已见 { $nodes } 个节点，本层尚余 { $pending } 个
quarantine-total = 共 { $entries } 条{ $evicted ->
        [0] {""}
       *[other] ；因隔离区已满清除了 { $evicted } 条旧条目
    }{ $unreadable ->
        [0] {""}
       *[other] ；{ $unreadable } 行无法读取
    }。
quarantine-time = 时间
quarantine-source = 来源
quarantine-flow = 数据流
quarantine-machine = 设备
quarantine-topic = 主题
quarantine-profile = 行规（profile）与 Schema 版本
quarantine-count = 代表的消息数
quarantine-pointer = 位置
quarantine-rule = 规则
quarantine-node = 节点
status-uptime = 已运行 { $seconds } 秒
status-ready = 数据通路就绪。
status-not-ready = 数据通路尚未就绪。
status-spool-memory = 缓存在内存中：已用 { $used } / { $limit } KiB；进程结束时等待的消息会丢失。
status-spool-durable = 缓存在磁盘上：{ $records } 条消息等待发送，已用 { $disk-used } / { $disk-limit } MiB；内存中 { $used } / { $limit } KiB。
status-spool-full = 磁盘上的缓存已满：来源等待。
status-connecting = 连接中
status-connected = 已连接
status-lost = 已断开
status-refused = 被拒绝
status-waiting = { $messages } 条消息等待发送
status-skew = 时钟与本机相差 { $seconds } 秒
status-cyclic = { $items } 项循环读取
status-online = 在线
status-offline = 离线
status-flow = { $name }（{ $profiles }）：接收 { $received } 个值，送达 { $delivered } 个（{ $messages } 条消息）；隔离 { $quarantined } 条消息，违规 { $violations } 次，缺口 { $gaps } 处
status-account = 接收 { $received } = { $fates }
status-account-recovered = 接收 { $received } + 上次运行遗留 { $recovered } = { $fates }
status-fate-delivered = 送达 { $count }
status-fate-spooled = 缓存中 { $count }
status-fate-held = 待发 { $count }
status-fate-quarantined = 隔离 { $count }
status-fate-parked = 搁置 { $count }
status-fate-superseded = 被取代 { $count }
status-fate-filtered = 过滤 { $count }
status-fate-withheld = 留在本地 { $count }
status-fate-rejected = 拒收 { $count }
status-fate-dropped = 丢弃 { $count }
status-fate-lost = 丢失 { $count }
status-translated = 转换：{ $exact } 个精确，{ $converted } 个换算，{ $approximated } 个近似，{ $absent } 个无对应
status-back-filled = 缺口之后从数据源历史读取 { $values } 个值
status-machine = { $id }  { $state }：{ $fields } 个字段（不良 { $bad }，缺失 { $missing }），{ $messages } 条消息，最近 { $last }，主题 { $topic }
