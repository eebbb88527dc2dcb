# 机器的 `bind:`：节点与字段的对照表，以及转换时遇到的问题。
QIAO-B001 = 无法读取表格 `{ $path }`：{ $reason }。
    .title = 表格无法读取
    .fix = 检查路径和权限；路径相对于配置文件。`qiao init --csv 文件` 可生成表格。
QIAO-B002 = 该文件既不是 UTF-8 也不是 GB18030。
    .title = 表格编码未知
    .fix = 在电子表格软件中另存为“CSV UTF-8”。
QIAO-B003 = 该文件不是 UTF-8；按 GB18030 读取。
    .title = 表格按 GB18030 读取
    .fix = 如果名称显示有误，请在电子表格软件中另存为“CSV UTF-8”。
QIAO-B004 = 表格为空。
    .title = 空表格
    .fix = `qiao init --csv 文件` 可生成带表头和所有节点的表格。
QIAO-B005 = 没有列 `{ $name }`。{ $nearest ->
        [none] 已知：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知列
    .fix = 可用的列：{ $known }。备注请写在 `comment` 列。
QIAO-B006 = 列 `{ $column }` 在此重复出现。
    .title = 列重复
    .fix = 只保留其中一列。
QIAO-B007 = 该行有 { $cells } 个单元格，表头只有 { $columns } 列。
    .title = 单元格多于列
    .fix = 查找单元格内的分隔符：该单元格需要加引号；以逗号分隔时，小数逗号也需要加引号。
QIAO-B008 = 表格超过 { $limit } 行；其余行未读取。
    .title = 表格过长
    .fix = 删除没有字段的行。
QIAO-B009 = 表格缺少列 `{ $column }`。
    .title = 缺少列
    .fix = 第一行为列名；必须有 `field` 以及 `node`、`path`、`value` 之一。
QIAO-B010 = 填写了 `{ $column }`，但没有填写字段。
    .title = 行中没有字段
    .fix = 在 `field` 中填写 JSON 指针或概念，或清空 `{ $column }`。
QIAO-B011 = 各数据流的配置规范中没有字段 `{ $name }`。{ $nearest ->
        [none] { "" }
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知字段
    .fix = `qiao profile show 名称` 列出其字段。占位符（如元素名称）须写成实际名称。已知字段例如：{ $known }
QIAO-B012 = 概念 `{ $name }` 对应多个字段或元素：{ $fields }。
    .title = 概念不唯一
    .fix = 请写 JSON 指针，并用元素名称替换花括号。
QIAO-B013 = 字段 `{ $field }` 已在第 { $first } 行填写。
    .title = 字段重复填写
    .fix = 只保留其中一行；qiao 不会猜测。
QIAO-B014 = `{ $node }` { $fault ->
        [index] 是带命名空间索引的节点 ID，服务器每次重启都可能改变索引
       *[form] 不是节点 ID
    }。
    .title = 不是节点 ID
    .fix = 请写 `nsu=URI;s=名称` 或 `nsu=URI;i=数字`，与 `qiao init --csv` 的写法一致。
QIAO-B015 = `{ $path }` 不是浏览路径：{ $reason }。
    .title = 不是浏览路径
    .fix = 写出机器根节点以下的浏览名，用 `/` 连接；`/ * {"{"} {"}"} , : =` 前加 `\` 表示原字符。
QIAO-B016 = { $kind ->
        [none] 该行填写了字段，但没有节点、路径或值
       *[both] 该行同时有节点和值；只能用其中之一填写字段
    }。
    .title = 没有来源或有两个来源
    .fix = 使用节点时填写 `node` 或 `path`；使用固定值时只填写 `value`。
QIAO-B017 = `{ $value }` 不是位。
    .title = 不是位
    .fix = 单个位写作 `3`（真或假），多个位写作 `4..7`（整数）；最低位为 0，最高位为 63。
QIAO-B018 = `{ $value }` 不是 `{ $column }` 的有效数字{ $separator ->
        [comma] ；以逗号分隔的表格中小数点为 `.`
       *[other] { "" }
    }。
    .title = 不是数字
    .fix = 不要使用千位分隔符，例如 `0.1`；以分号或制表符分隔时也可写 `0,1`。比例不能为 0。
QIAO-B019 = 单位 `{ $name }` 未知。{ $nearest ->
        [none] { "" }
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知单位
    .fix = 请写 UNECE 第 20 号建议书的通用代码（如 `MMT`）或其符号（如 `mm`）。已知代码例如：{ $known }
QIAO-B020 = { $machine } 之下没有节点 { $node }，因此 { $profile } 的 `{ $field }` 没有来源。{ $nearest ->
        [none] { "" }
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 找不到绑定的节点
    .fix = 与服务器的实际内容比较：`qiao init --csv 文件 -c 配置` 可写出其节点。
QIAO-B021 = { $machine } 在该路径下有多个节点，因此都不填入 { $profile } 的 `{ $field }`：{ $nodes }。
    .title = 绑定路径对应多个节点
    .fix = 在 `node` 中填写节点 ID。
QIAO-B022 = { $source } 不能换算成 { $target }（`{ $field }` 的单位）。
    .title = 单位种类不同
    .fix = 在 `source-unit` 中填写节点经比例和偏移之后的单位。
QIAO-B023 = 服务器给出的单位是 { $source }，`{ $field }` 的单位是 { $target }，而该行没有声明单位。
    .title = 未声明单位
    .fix = 在 `source-unit` 中填写 { $source } 以进行换算；若服务器有误则填写 { $target }。
QIAO-B024 = `{ $entry }` 不是“状态=含义”。
    .title = 不是状态及其含义
    .fix = 请写 `RUN=1|STOP=0`；`|` 和 `=` 前加 `\` 表示原字符。
QIAO-B025 = `{ $name }` 不是该字段的含义。{ $nearest ->
        [none] 已知：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 状态含义未知
    .fix = 请写该字段枚举中的数字或名称：{ $known }。
QIAO-B026 = 一个状态有两个含义。
    .title = 状态重复
    .fix = 只保留其中一个；`1` 与 `01` 是同一个数字。
QIAO-B027 = `{ $column }` 与 `{ $other }` 不能同时使用。
    .title = 列互相排斥
    .fix = 清空其中一个单元格。
QIAO-B028 = { $node } 的 { $value } 不能成为 `{ $pointer }` 的值：{ $kind ->
        [type] 类型不符
        [range] 结果不是数字或超出范围
        [state] 表中没有该状态
       *[bits] 位数不足
    }。在新值到来之前该字段为 { $status }。
    .title = 值未能转换
    .fix = 将表格中的该行与节点实际发送的值比较；补充缺少的状态。
QIAO-B029 = { $node } 发送的类型是 { $type }，表格为 `{ $pointer }` 规定的转换无法使用：{ $kind ->
        [bits] 该类型位数不足
       *[type] 需要其他类型
    }。
    .title = 转换与类型不符
    .fix = 检查该行的 `bit`、`scale`、`offset` 和 `enumeration`：文本需要 `enumeration`，取位需要整数。
QIAO-B030 = 表格没有绑定任何字段。
    .title = 表格没有绑定
    .fix = 填写 `field` 列。
QIAO-B031 = 没有说明 `{ $field }` 的单位；{ $unit } 不会被换算。
    .title = 单位未使用
    .fix = 需要系数时使用 `scale`，否则清空 `source-unit`。
QIAO-B032 = 看起来像 JSON，但不是：{ $reason }。
    .title = 表格中的 JSON 有误
    .fix = 检查引号和括号。文本不需要引号，除非它看起来像数字。
