# 命令行中不属于检查结果的文字。
cli-explain-unknown = 本版本没有代码 { $code }。
cli-explain-nearest = 本版本没有代码 { $code }。您是否想输入 { $nearest }？
cli-explain-pointer = { $pointer } 是规则在行规（profile）的 Schema 中的位置（JSON 指针），不是代码。请查询它旁边的代码；`qiao profile show 行规` 可查看更多内容。
cli-check-good = { $file }：没有问题。{ $connections } 个连接，{ $flows } 个数据流，{ $machines } 台已命名的设备。
cli-check-wrong = { $errors } 个错误，{ $warnings } 个警告。用 `qiao explain 代码` 了解某个代码的详情。
cli-check-warned = { $file }：可用，有 { $warnings } 个警告。
