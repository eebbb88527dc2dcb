# 命令行中不属于检查结果的文字。
cli-explain-unknown = 本版本没有代码 { $code }。
cli-explain-nearest = 本版本没有代码 { $code }。您是否想输入 { $nearest }？
cli-explain-pointer = { $pointer } 是规则在行规（profile）的 Schema 中的位置（JSON 指针），不是代码。请查询它旁边的代码；`qiao profile show 行规` 可查看更多内容。
cli-explain-cause = 原因
cli-explain-fix = 处理方法
cli-explain-example = 示例
cli-explain-right = 正确写法
cli-explain-family = { $family ->
    [A] A：命令的审计记录（`qiao audit`）
    [B] B：将节点绑定到字段的表格（`bind`）
    [C] C：配置
    [D] D：演示与模拟器
    [G] G：运行 qiao 的机器
    [I] I：`qiao init`、`qiao check --online`
    [J] J：`qiao test`
    [L] L：`qiao selftest`
    [M] M：MQTT
    [O] O：OPC UA
    [P] P：行规（profile）
    [R] R：运行中的网关
    [S] S：磁盘上的缓存
    [T] T：`qiao tap`
    [V] V：Schema、消息与值
    [W] W：对设备的命令
    [X] X：`qiao translate`
   *[other] { $family }
}
cli-check-good = { $file }：没有问题。{ $connections } 个连接，{ $flows } 个数据流，{ $machines } 台已命名的设备。
cli-check-wrong = { $errors } 个错误，{ $warnings } 个警告。用 `qiao explain 代码` 了解某个代码的详情。
cli-check-warned = { $file }：可用，有 { $warnings } 个警告。
