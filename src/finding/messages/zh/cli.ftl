# 命令行中不属于检查结果的文字。
cli-explain-unknown = 本版本没有代码 { $code }。
cli-explain-nearest = 本版本没有代码 { $code }。您是否想输入 { $nearest }？
