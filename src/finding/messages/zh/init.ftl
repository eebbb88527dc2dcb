# `qiao init`、`qiao check --online`。
QIAO-I001 = 文件已存在；未写入任何内容。
    .title = 文件已存在
    .fix = 换一个文件名，或使用 `--force` 覆盖。
    .cause = 该命令曾运行过，或文件是手写的；不会自动覆盖他人写的内容。
QIAO-I002 = 无法写入文件：{ $reason }。
    .title = 文件不可写
    .fix = 检查剩余空间和文件夹权限。
    .cause = 文件夹不存在、属于其他用户，或磁盘已满。
QIAO-I010 = 服务器最多监视 { $limit } 个变量，已选择 { $items } 个。
    .title = 变量数超过服务器上限
    .fix = 用 `select` 减少选择，或提高服务器上限（MaxMonitoredItems）。
    .cause = 小型控制器只能监视几百个变量，而 `select` 选中了更多。
QIAO-I011 = 服务器最快每 { $granted } 采样一次；要求的是 { $asked }。
    .title = 采样快于服务器
    .fix = 将 `sampling` 设为服务器支持的值。
    .cause = 服务器对采样间隔设有下限，通常是控制器的周期。
QIAO-I012 = 服务器给出 { $node } 的单位是 { $stated }，而表格为 `{ $field }` 声明的是 { $declared }。
    .title = 服务器与表格的单位不同
    .fix = 更正 `source-unit`；若服务器有误则保持不变。
    .cause = 服务器上配置的单位有误，或该行是从另一行复制的。
QIAO-I013 = 检查监听期间（{ $seconds } 秒）没有收到此数据流的消息。其结果要等第一条消息到来才能看到。
    .title = 没有收到来自 Broker 的数据流的消息
    .fix = 如果其设备现在没有发送消息，则无需处理。否则请查看实际到达的消息：`qiao tap -c 文件 --connection 名称 --topic '#'`。
    .cause = Broker 一侧的设备通过消息出现，而不是列在清单中；Broker 在此没有保留消息，或者主题不同。内置 Broker 只随网关运行。
init-variables = 服务器自有变量 { $variables ->
    [one] 1 个
   *[other] { $variables } 个
}。
init-recognised = 识别为 { $profile }：{ $machines }
init-companions = 此处没有对应配置规范的配套规范（其值仍可原样读取）：{ $names }
init-unknown = 没有已知类型的设备。Objects 之下的对象及变量数：{ $objects }
init-broker = Broker 允许连接。
init-written = 已写入：{ $file }
init-trust = 如果确为该服务器的证书，请重复同一命令并加上：--trust { $fingerprint }
init-next-table = 下一步：填写 { $file } 的 field、source-unit、scale 等列；每个字段一行。`qiao profile show 名称` 列出字段。
init-next = 下一步：qiao check --online -c { $config }，然后 qiao run -c { $config }
init-config-head = 由 `qiao init` 为 { $endpoint } 生成。`qiao check` 会指出其中的错误；所有键见 config/qiao.yaml。
init-config-server = 服务器；除非在此另行说明，否则使用加密连接。
init-config-broker = 消息发往的 Broker。
init-config-embedded = 内置 Broker，仅限本机；可替换为 { "{" } broker: "mqtts://HOST:8883" { "}" }。
init-config-table = 哪个节点填入配置规范的哪个字段：供电子表格编辑的表格。
init-config-known = 按类型识别：{ $machines }
init-config-bound = 表格绑定的内容填入该配置规范的消息。
init-config-plain = 没有已知类型：每个变量连同类型、状态和时间原样发布。
online-progress = 已浏览节点：
online-reached = { $name }：允许连接。{ $items ->
    [0] { "" }
    [one] 将监视 1 个变量。
   *[other] 将监视 { $items } 个变量。
}
online-not-reached = { $name }：不允许连接；原因见下。
online-machine = { $machine }（{ $flow }，{ $profile }）→ { $topic }：{ $fields } 个字段，其中 { $bad } 个没有良好值
online-example = { $flow } 将发布到 { $topic } 的消息（{ $profile }）：
online-shape = 检查期间没有发生事件。{ $flow } 将发布到 { $topic } 的消息具有以下形式，其中的值是虚构的（{ $profile }）：
online-summary = { $errors ->
    [one] 1 个错误
   *[other] { $errors } 个错误
}，{ $warnings ->
    [one] 1 个警告
   *[other] { $warnings } 个警告
}。未发布任何内容。
