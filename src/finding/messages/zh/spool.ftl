# 磁盘上的缓存。
QIAO-S001 = 另一个进程正在写入此缓存。
    .title = 缓存被占用
    .fix = 请停止另一个 qiao，或为本实例指定单独的 `gateway.data-dir`。
    .cause = 两个网关使用同一数据目录，或之前的进程尚未结束。
QIAO-S002 = 缓存的格式为 { $version }，本版本不认识；未改动其中任何内容。
    .title = 缓存格式未知
    .fix = 请先运行写入它的 qiao 版本，直到 `qiao spool list` 显示没有等待的消息，再运行本版本；或者把该目录移走（其中等待的消息也一并移走）。
    .cause = 缓存由更新的 qiao 版本写入，或由过旧的版本写入。
QIAO-S003 = 无法打开缓存：{ $error }。
    .title = 缓存无法打开
    .fix = 请检查 `gateway.data-dir` 所在磁盘的空间、权限和健康状况。
    .cause = 目录不可读写、磁盘已满，或磁盘报告错误。
QIAO-S004 = { $records } 条消息（序号 { $first } 至 { $last }）将不会送达：{ $reason ->
    [full] 缓存已满，最旧的消息被清除
    [age] 它们超过了缓存的保留时间
    [damaged] 它们在磁盘上已损坏
    [missing] 其文件不存在
    [uncertain] 它们是状态消息，其后损坏或缺失的消息可能是同一主题的更新状态
   *[cut] 断电截断了缓存的末尾；据目前所知，来源未收到对它们的确认，会重新发送
}。
    .title = 缓存中有缺口
    .fix = `full`：增大 `limits.spool`，或写 `when-full: block`。`age`：增大 `limits.spool-age`。`damaged`、`missing` 和 `uncertain`：检查磁盘；含损坏记录的文件保留为 `….damaged`。
    .cause = 流入量长时间超过 Broker 的接收量、磁盘损坏了数据、有人删除了文件，或写入时断电。
QIAO-S005 = 缓存末尾的 { $bytes } 字节不是完整的记录，已截去。
    .title = 缓存末尾被截去
    .fix = 无需处理。使用 UPS，或刷写可靠的磁盘，可减少此情况。
    .cause = 写入缓存时断电或机器被复位。
QIAO-S006 = 记录缓存送达进度的文件已损坏；最近已送达的消息可能会重发。
    .title = 缓存游标损坏
    .fix = 请检查磁盘。接收方可按序号或时间去除重复消息。
    .cause = 磁盘损坏了该文件，或有人修改了它。
QIAO-S007 = 写入缓存的第 { $segment } 段失败：{ $error }。尚未安全落盘的内容会重新写入另一个文件。
    .title = 写入缓存失败
    .fix = 请检查 `gateway.data-dir` 所在磁盘（`dmesg`、SMART）；若再次出现请更换。
    .cause = 磁盘报告错误；自上次成功以来交给它的数据可能已丢失，无论它之后如何报告。
QIAO-S008 = 缓存已满：{ $used } / { $limit } MiB。来源等待，直到 Broker 取走消息。
    .title = 缓存已满
    .fix = 请恢复 Broker，增大 `limits.spool`，腾出磁盘空间；若新消息比旧消息更重要，写 `when-full: drop-oldest`。
    .cause = Broker 离线或慢于来源的时间超出了缓存的容量。
QIAO-S009 = 目前无法写入缓存：{ $error }。将重试；在此之前不向来源确认任何消息。
    .title = 缓存无法写入
    .fix = 请检查 `gateway.data-dir` 所在磁盘的空间、权限和健康状况；无需重启。
    .cause = 磁盘只读、损坏或已脱离。
QIAO-S010 = 目前无法读取缓存：{ $error }。发往此 Broker 的消息暂停，直到可以读取；不会跳过任何一条。
    .title = 缓存无法读取
    .fix = 请检查 `gateway.data-dir` 所在磁盘。若无法修复，请停止网关并移走该段：其中的内容随后会作为缺口报告。
    .cause = 磁盘报告错误，或文件被删除或锁定。
QIAO-S011 = 此文件属于另一个缓存；不会改动它，也不会发送其中的内容。
    .title = 缓存中有外来文件
    .fix = 请把文件移到它所属的缓存，或移走。
    .cause = 有人把一个缓存的文件复制到了另一个，或只恢复了部分备份。
QIAO-S012 = 含有损坏记录的段以此名称保留；最多保留最新的四个。
    .title = 已保留损坏的段
    .fix = 可查看它，不再需要时可删除。丢失的内容已作为缺口报告。
    .cause = 其中的记录未通过校验。
QIAO-S013 = 网关中写入缓存的部分已终止；不再接收任何持久化消息。
    .title = 缓存写入线程已终止
    .fix = 请重启网关；若设置了看门狗，systemd 会自动重启。请报告此前的日志行。
    .cause = qiao 的缺陷。
QIAO-S014 = 缓存中有发往 `{ $name }` 的消息，但没有数据流向它发布；这些消息原样保留。
    .title = 消息所属的连接已不存在
    .fix = 请恢复该连接原来的名称，直到消息送达（`qiao spool list`）；或删除该目录及其中的消息。
    .cause = 在消息送达之前，该连接或其数据流被改名或删除。
QIAO-S015 = `limits.spool` 为 { $wanted } MiB，但磁盘只有 { $limit } MiB 的空间；现以此为上限。
    .title = 缓存上限大于磁盘空间
    .fix = 请在 `gateway.data-dir` 所在磁盘腾出空间，或减小 `limits.spool`。
    .cause = 磁盘小于该上限或已较满；空闲空间的十分之一留给其他程序。
QIAO-S016 = 此段中有 { $records } 条记录无法读取。
    .title = 缓存中有损坏的记录
    .fix = 请检查磁盘。网关会跳过它们、报告缺口并保留该文件；其余记录照常送达。
    .cause = 磁盘损坏了数据，或有人修改了文件。
QIAO-S017 = 没有任何段包含记录 { $first } 至 { $last }，也没有缺口说明它们。
    .title = 缓存的段缺失
    .fix = 若文件被移走，请放回；否则网关会在下次启动时报告缺口。
    .cause = 有人删除或移动了缓存的文件，或只恢复了部分备份。
QIAO-S018 = 磁盘已有 { $seconds } 秒没有响应。在恢复之前，不会向来源确认任何持久化消息；内存中的数据流照常运行。
    .title = 磁盘无响应
    .fix = 检查 `gateway.data-dir` 所在的磁盘（`dmesg`、SMART）及其线缆或网络；恢复响应后无需重启。
    .cause = 磁盘，或其前面的网络或控制器，在写入或同步时挂起。
QIAO-S019 = 隔离区无法写入：在恢复之前，此数据流拒收的消息会丢失并被计数。
    .title = 隔离区无响应
    .fix = 检查 `gateway.data-dir` 所在的磁盘；若拒收的消息必须保留且来源可以等待，写 `delivery: durable`。
    .cause = 磁盘挂起或过慢，而 `delivery: memory` 的数据流不等待磁盘。
QIAO-S020 = 缓存已无法得知此前报告过的 { $gaps } 个缺口涉及哪些消息。
    .title = 缺口列表已损坏
    .fix = 检查磁盘。这些缺口在发生时已写入日志（`QIAO-S004`）。
    .cause = 磁盘损坏了缓存的文件 `gaps`，或有人修改了它。
spool-none = 磁盘上没有缓存的消息：{ $path } 为空。
spool-log = { $name }：{ $messages } 条消息等待发送（{ $kib } KiB），共 { $segments } 个文件、{ $mib } MiB
spool-flow = { $flow }：{ $messages } 条消息，{ $values } 个值
spool-verified = { $name }：已读取 { $segments } 个文件中的 { $records } 条记录，{ $faults ->
    [0] 全部完好
   *[other] 发现 { $faults } 处错误
}
