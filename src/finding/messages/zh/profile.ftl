# 行规（profile）：文件夹、清单、映射、示例；qiao profile。
QIAO-P001 = 缺少此文件。
    .title = 文件缺失
    .fix = 请添加该文件；行规文件夹应包含的内容见 schemas/README.md。
    .cause = 复制文件夹时漏了它，或文件名写法不同。
QIAO-P002 = 从此处起文件不是 UTF-8 编码。
    .title = 不是 UTF-8
    .fix = 请以 UTF-8 编码保存。
    .cause = 编辑器以本地编码（如 Windows-1252 或 GB18030）保存。
QIAO-P003 = 文件超出限制（{ $limit }）。
    .title = 文件过大或嵌套过深
    .fix = 请拆分行规，或合并公共部分。
    .cause = 文件是自动生成的，或含有不属于这里的数据（例如记录）。
QIAO-P004 = 从此处起无法解析文件：{ $detail }。
    .title = 语法错误
    .fix = 请更正此处的文本。
    .cause = 多了或少了逗号、引号或括号，或缩进不对。
QIAO-P005 = 此处不支持锚点、别名、标签、复合键以及多个文档。
    .title = 不支持的 YAML 特性
    .fix = 请完整写出该值。
    .cause = 文件用 YAML 的缩写手段简化过，或以 `*`、`&`、`!` 开头的文本没有加引号。
QIAO-P006 = “{ $key }”重复出现，首次出现在第 { $first } 行。
    .title = 键重复
    .fix = 请只保留其中一个。
    .cause = 复制了一段内容而没有更改键名。
QIAO-P007 = 此处不认识“{ $key }”。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的键
    .fix = 请更正名称或将其删除。
    .cause = 键名拼写有误，或缩进位置不对。
QIAO-P008 = 缺少“{ $key }”。
    .title = 缺少键
    .fix = 请补充。
    .cause = 漏写了该键，或因缩进而落到了别处。
QIAO-P009 = 应为{ $expected ->
        [text] 文本
        [list] 列表
        [map] 键值映射
       *[nothing] 空值
    }，实际为{ $found ->
        [text] 文本
        [list] 列表
        [map] 键值映射
       *[nothing] 空值
    }。
    .title = 值的类别错误
    .fix = 请按要求的形式书写该值。
    .cause = 缺少短横线或冒号，或在应写多个键的地方只写了一个词。
QIAO-P010 = “{ $value }”不在可选值之内：{ $choices }。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的选项
    .fix = 请使用所列词语之一。
    .cause = 单词拼写有误或大小写不同。
QIAO-P011 = “{ $value }”不是时长。
    .title = 不是时长
    .fix = 请写成带单位的整数：250ms、10s、2min、1h。
    .cause = 缺少单位、单位未知，或单位与数字分开书写。
QIAO-P012 = “{ $value }”的写法与“{ $example }”不符。
    .title = 名称格式错误
    .fix = 请使用小写字母、数字和“-”；版本号由数字和点组成。
    .cause = 名称含有大写字母、空格或下划线；行规及其各部分在所有系统上必须同名。
QIAO-P013 = 行规的位置应与其名称一致：应为 { $expected }，实际为 { $found }。
    .title = 文件夹与名称不一致
    .fix = 请移动文件夹，或更正 profile 与 version。
    .cause = 为新版本复制了文件夹，却只改了其中一处。
QIAO-P014 = “{ $key }”应为“{ $expected }”，实际为“{ $found }”。
    .title = Schema 头部
    .fix = 请设为所示的值；该标识将 Schema 与其行规及版本绑定。
    .cause = Schema 是从其他行规或版本复制的。
QIAO-P015 = “{ $value }”不是 JSON 指针：{ $detail }。
    .title = 不是 JSON 指针
    .fix = 请以“/”开头；占位符（如“{"{"}channel{"}"}”）须独占一级。
    .cause = 缺少开头的斜杠，或像程序代码那样用点分隔路径。
QIAO-P016 = “{ $value }”无法作为浏览路径或节点标识解析：{ $detail }。
    .title = 不是浏览路径
    .fix = 请用“/”连接浏览名，名称有歧义时写 nsu=URI:Name；类型写作 nsu=URI;i=数字。
    .cause = 路径复制自某个客户端，带有命名空间索引或采用其自有写法。
QIAO-P017 = 占位符“{ $name }”未声明。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的占位符
    .fix = 请在 placeholders: 下声明它及其代表的类型。
    .cause = 占位符拼写有误，或未声明便已使用。
QIAO-P018 = 占位符“{ $name }”未出现在“{ $path }”中：指针与浏览路径的占位符必须一致。
    .title = 占位符不一致
    .fix = 请在另一侧补充，或在此处删除。
    .cause = 修改了一侧，忘了另一侧。
QIAO-P019 = “{ $pointer }”被填充两次，首次在第 { $first } 行。
    .title = 成员重复填充
    .fix = 请只保留其中一项。
    .cause = 复制了一段内容而没有更改指针。
QIAO-P020 = 枚举“{ $name }”未声明。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的枚举
    .fix = 请在 enumerations: 下声明。
    .cause = 名称拼写有误，或该枚举已改名。
QIAO-P021 = “{ $name }”已声明但未使用。
    .title = 声明而未使用
    .fix = 请使用或删除它。
    .cause = 使用它的条目已删除，或写的是别的名称。
QIAO-P022 = Schema 未描述“{ $pointer }”：该成员将无人检查。
    .title = Schema 中没有
    .fix = 请在 schema.json 中描述该成员，或更正指针。
    .cause = 扩展了映射而没有扩展 Schema，或指针拼写有误。
QIAO-P023 = “{ $topic }”不是主题模板：{ $detail }。
    .title = 不是主题模板
    .fix = 请用“/”分隔层级，并使用已知的占位符，如“{"{"}gateway{"}"}”和“{"{"}machine{"}"}”。
    .cause = 模板含有通配符、首尾空格，或主题不认识的占位符。
QIAO-P024 = 此文件不属于行规文件夹，不会被读取。
    .title = 未知的文件
    .fix = 请重命名或删除；应包含的内容见 schemas/README.md。
    .cause = 该文件是笔记、编辑器的备份，或文件名拼写有误。
QIAO-P025 = 应有三个文本成员：pointer、keyword、shows。
    .title = 期望不完整
    .fix = 请说明示例的错误：位置、关键字以及所展示的内容。
    .cause = 文件只说明示例有误，没有说明错在哪里。
QIAO-P026 = 有效示例在 { $pointer } 处被“{ $keyword }”拒绝：{ $text }
    .title = 有效示例被拒绝
    .fix = 请更正示例或 Schema。
    .cause = Schema 与示例没有同步修改。
QIAO-P027 = 无效示例却通过了检查；预期在 { $pointer } 处违反“{ $keyword }”。
    .title = 无效示例被接受
    .fix = 请收紧 Schema，或更正示例。
    .cause = Schema 缺少该规则，或示例已不再含有该错误。
QIAO-P028 = 无效示例在 { $pointer } 处被“{ $keyword }”拒绝；而声明的是 { $stated-pointer } 处的“{ $stated-keyword }”。
    .title = 拒绝原因不符
    .fix = 每个无效示例应恰好只有其 .expect.json 所声明的一个错误。
    .cause = 示例还有另一处错误，或写好预期后又修改了 Schema。
QIAO-P029 = 页面内容与文件夹不一致。
    .title = 页面已过时
    .fix = 请运行 qiao profile check --write-readme 文件夹。
    .cause = 页面生成之后又修改了行规。
QIAO-P030 = 行规“{ $profile }”未安装。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的行规
    .fix = qiao profile list 列出全部；--profiles 文件夹 可添加自有的行规。
    .cause = 名称拼写有误、没有写版本，或没有指定自己的行规文件夹。
QIAO-P031 = “{ $profile }”已由另一个文件夹提供。
    .title = 行规重复
    .fix = 请为其中一个改用其他名称或版本。
    .cause = 指定的两个文件夹含有同一行规，例如副本。
QIAO-P032 = 无法读取文件夹：{ $detail }。
    .title = 文件夹不可读
    .fix = 请检查路径及权限。
    .cause = 路径拼写有误、指向文件，或运行 qiao 的用户无权读取。
QIAO-P033 = 没有示例。
    .title = 缺少示例
    .fix = 请在 examples/valid/ 放入符合要求的消息，在 examples/invalid/ 放入各含一个错误的消息。
    .cause = 行规是新建的；没有示例就无法知道 Schema 是否符合原意。
QIAO-P034 = “{ $key }”的值超出范围。
    .title = 值超出范围
    .fix = 枚举的数值须为整数；单位为 UNECE 第 20 号建议书代码（如 P1）；at-least-every 不得短于 every；complete-within 最长 1h。
    .cause = 两个时间互相矛盾，数字带小数，或单位写成了符号而不是代码。
QIAO-P060 = “{ $predicate }”不是谓词。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”？
    }
    .title = 未知谓词
    .fix = 请使用 docs/reference/rules.md 中列出的谓词。
    .cause = 单词拼写有误，或属于其他规则语言。
QIAO-P061 = “{ $id }”不能用作规则编号。
    .title = 规则编号格式错误
    .fix = 编号由大写字母和数字组成的词以“-”连接，最后是四位数字，例如 ACME-PRESS-0101；QIAO- 为网关保留。
    .cause = 编号含小写字母，或缺少四位数字。
QIAO-P062 = 编号“{ $id }”已在第 { $first } 行使用。
    .title = 规则编号重复
    .fix = 每条规则使用自己的编号；规则删除后其编号也不得再用。
    .cause = 复制规则后未修改编号。
QIAO-P063 = 规则 { $id } 没有说明页。
    .title = 规则缺少说明页
    .fix = 编写 rules/{ $id }.md：说明要求、理由以及正反示例。
    .cause = 规则是新增的，或其说明页使用了其他文件名。
QIAO-P064 = 该说明页不属于任何规则：rules.yaml 中没有“{ $id }”。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”？
    }
    .title = 说明页无对应规则
    .fix = 将文件名改为对应规则的编号，或删除该文件。
    .cause = 规则已删除或改名，或文件名拼写有误。
QIAO-P065 = 无法使用正则表达式“{ $pattern }”：{ $detail }。
    .title = 正则表达式不可用
    .fix = 请使用不含环视和反向引用的正则表达式，以保证线性时间匹配。
    .cause = 括号未闭合，或表达式含有环视、反向引用。
QIAO-P066 = 无法使用路径“{ $path }”：{ $detail }。
    .title = 路径格式错误
    .fix = 请写 JSON 指针；可用“$”开头表示整条消息，步骤可为“*”或“[member=value]”。
    .cause = 开头缺少“/”，或方括号未闭合。
QIAO-P067 = 谓词是只有一个键的映射；此处有 { $count } 个。
    .title = 谓词数目不对
    .fix = 多个谓词请用“all: [ … ]”或“any: [ … ]”组合。
    .cause = 两个谓词并列书写，或缺少短横线。
QIAO-P068 = 没有无效示例体现规则 { $id }。
    .title = 规则缺少示例
    .fix = 在 examples/invalid/ 中添加一条消息，其 .expect.json 含有“"rule": "{ $id }"”。
    .cause = 规则是新增的；没有示例就无法确认它是否会判为不符合。
QIAO-P069 = 规则 { $id } 在 { $pointer } 处不应判为不符合：{ $title }
    .title = 示例违反规则
    .fix = 修改示例或规则；无效示例只违反其声明的那一条规则。
    .cause = 规则过严，或示例含有非有意的错误。
QIAO-P070 = 规则 { $id } 应仅在 { $pointer } 处不符合；实际不符合的位置：{ $found }。
    .title = 规则未在预期位置不符合
    .fix = 修正 .expect.json 中的指针、示例或规则。缺失成员时，位置为缺少该成员的对象。
    .cause = 示例已不含原有错误，或指针拼写有误。
QIAO-P072 = rules.yaml 中没有“{ $id }”。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”？
    }
    .title = 未知规则
    .fix = 请写本行规中某条规则的编号。
    .cause = 编号拼写有误，或规则已删除。
QIAO-P073 = “{ $value }”在此处不是数值，也不是允许的日期或时间。
    .title = 不是数值
    .fix = 请写数值（计数须为整数）、日期 YYYY-MM-DD、UTC 时间，或以“{"{"} at: /pointer {"}"}”给出指针。
    .cause = 数值后带有单位，或指针未写“at:”。
QIAO-P074 = 规则 { $id } 在 { $pointer } 处无法判定：{ $title }
    .title = 示例使规则无法判定
    .fix = 使规则只检查可比较的值，或修改示例。
    .cause = 该处的值无法比较或计数，例如应为数值却是文本。
QIAO-P035 = 概念“{ $concept }”不存在。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知概念
    .fix = 请更正名称，或在 schemas/concepts/ 的文件中声明该概念。
    .cause = 名称拼写有误，或该概念已改名。
QIAO-P036 = “{ $concept }”没有取值“{ $value }”。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 概念无此取值
    .fix = 请使用该概念的取值，或为概念补充该取值。
    .cause = 误写成了报文中的词，或拼写有误。
QIAO-P037 = 以“{ $unit }”计的数值不能换算为“{ $concept }”所用的“{ $expected }”。
    .title = 单位与概念不符
    .fix = 请更正字段的单位，或改用其所测量的概念。
    .cause = 单位与概念对应不同的量，例如长度与速度。
QIAO-P038 = “{ $what }”与类型为 { $type } 的“{ $concept }”不符。
    .title = 形式与概念不符
    .fix = 请选用适合该类型的形式，以及 of: 为该概念的对照表。
    .cause = 该行复制自其他类型的字段，或概念的类型已改变。
QIAO-P039 = 概念“{ $concept }”已在 { $first } 声明。
    .title = 概念重复声明
    .fix = 请只保留其中一处声明。
    .cause = 两个文件使用了同一名称，或复制了一段内容。
QIAO-P040 = 类型为 { $type } 的概念不能以“{ $unit }”计。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 概念的单位
    .fix = 数值请使用可换算的单位；其他类型没有单位。
    .cause = 代码拼写有误，或 qiao 不知道该单位如何换算。
QIAO-P041 = “{ $concept }”的类型为 { $type }：枚举必须列出取值，其他类型不得列出。
    .title = 取值与类型矛盾
    .fix = 枚举请列出取值；其他类型请删去取值。
    .cause = 改了类型而没有改取值列表。
QIAO-P042 = 不知道单位“{ $unit }”如何换算。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知单位
    .fix = 请使用 qiao 能够换算的单位的 UNECE 第 20 号建议书代码。
    .cause = 代码拼写有误，写成了符号，或 qiao 的单位表中没有该单位。
QIAO-P043 = “{ $concept }”的类型为 { $type }；只有枚举才有对照表。
    .title = 对照表不对应枚举
    .fix = 请在 of: 中指定枚举概念，或把该概念声明为枚举。
    .cause = 指定了错误的概念，或其声明的类型不同。
QIAO-P044 = 对照表“{ $table }”没有说明如何处理：{ $values }。
    .title = 对照表不完整
    .fix = 请为每个取值给出条目（is 或 also），或在 absent 中列出并说明原因。
    .cause = 概念的某些取值在报文中没有对应的词，或概念新增了取值。
QIAO-P045 = “{ $name }”未在 tables 或 unit-words 中声明。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未声明的对照表
    .fix = 请更正名称或补充声明。
    .cause = 名称拼写有误，或声明已被删除。
QIAO-P046 = 对照表中“{ $value }”出现了两次。
    .title = 对照表取值重复
    .fix = 请只保留其中一处。
    .cause = 复制了一行，或同一取值被赋予两种含义。
QIAO-P047 = “{ $concept }”是枚举：必须用对照表说明各词对应的取值。
    .title = 枚举缺少对照表
    .fix = 请在 tables 中声明对照表，并用 table: 引用。
    .cause = 忘记了对照表；报文中的词不同于概念的取值。
QIAO-P048 = 模式“{ $pattern }”不可用：{ $detail }。
    .title = 模式不可用
    .fix = 请更正模式；take 为其中某个分组的编号。
    .cause = 缺少括号，或使用了耗时无上限的环视或反向引用。
QIAO-P049 = 字段没有说明以何种单位计；其概念以“{ $unit }”计。
    .title = 数值缺少单位
    .fix = 请补充 unit:、unit-at: 或 unit-word-at:。
    .cause = 单位被视为不言自明；但从不猜测单位。
QIAO-P075 = { $direction ->
        [backward] 向后兼容
       *[forward] 向前兼容
    }：{ $first } 的每条消息都符合 { $second }：已证明。
    .title = 兼容
    .fix = 无需处理；两个 Schema 已逐关键字比较。
    .cause = 一个 Schema 的每项约束都可由另一个推出。
QIAO-P076 = { $direction ->
        [backward] 向后兼容
       *[forward] 向前兼容
    }：{ $first } 的消息并非都符合 { $second }。在 { $pointer } 处被拒绝：{ $text } 该消息：{ $message }
    .title = 不兼容
    .fix = 为新版本使用新的主版本号，或重新放宽其 Schema。
    .cause = 一个 Schema 拒绝另一个所接受的内容；所示消息只符合其中一个。
QIAO-P077 = { $direction ->
        [backward] 向后兼容
       *[forward] 向前兼容
    }：未能证明 { $first } 的每条消息都符合 { $second }；已尝试 { $tried } 条消息，未发现反例。
    .title = 兼容性未证明
    .fix = 请人工比较两个 Schema 的不同之处，并添加能体现差异的示例。
    .cause = 两个 Schema 在尚无证明方法的关键字上有差异，例如正则表达式。
QIAO-P078 = 该文件夹已存在。
    .title = 文件夹已存在
    .fix = 请换用其他名称或版本，或删除该文件夹。
    .cause = 此前已创建过该行规。
QIAO-P082 = “{ $topic }”不能作为消息之外的主题：其形式应为“{ $expected }”。
    .title = 消息之外的主题格式错误
    .fix = 以 `{"{"}base{"}"}/` 开头；`{"{"}machine{"}"}` 只在 `online` 的主题中出现一次，其他主题中不得出现；不得含通配符或其他花括号。
    .cause = 前缀被直接写出，或每台设备各自拥有的主题中缺少设备。
QIAO-P083 = 消息位于“{ $topic }”，其结尾不是“{ $behind }”。
    .title = 消息之外的主题缺少基准
    .fix = `behind` 应为 `topic` 的结尾：从某个 `/` 开始，且包含 `{"{"}machine{"}"}`；其前面的部分即为基准。
    .cause = 只改了其中一个而未改另一个。
QIAO-P084 = mapping.yaml 中没有字段位于“{ $pointer }”之下：设备列表将显示不出任何内容。
    .title = 列表无内容可显示
    .fix = 使 `data` 指向消息中标识设备的对象。
    .cause = 指针拼写错误，或映射把标识信息放在了别处。

QIAO-P087 = 映射中没有指针为 `{ $pointer }` 的字段。{ $nearest ->
        [none] {""}
       *[other] 是否指 `{ $nearest }`？
    }
    .title = 通道引用了未知字段
    .fix = 请按 mapping.yaml 中 `to` 后面的写法填写指针，包括占位符。
    .cause = 映射中的字段已改名，或指针拼写有误。

QIAO-P088 = `{ $channel }`：{ $fault ->
        [twice] 已有另一个通道使用相同的标识
        [interval] 两个间隔互不匹配
        [field] 该字段已在某个通道中
       *[unwanted] 只有采样类行规才有通道
    }。
    .title = 采样通道不可用
    .fix = { $fault ->
        [twice] 请为每个通道指定唯一标识。
        [interval] `upload-interval` 应为 `interval` 的整数倍，二者均为整毫秒，且每条报文最多 10000 行。
        [field] 每个字段只在一个通道中列出。
       *[unwanted] 请写 `message: sample`，或删除 `channels`。
    }
    .cause = 通道是复制而来的，或其间隔被单独修改。
QIAO-P079 = `spellings` 仅用于 NC-Link；该行规的消息没有其他写法。
    .title = 非 NC-Link 的写法表
    .fix = 删去 `spellings`；若消息确为 NC-Link，请写 `codec: nc-link`。
    .cause = 该键是从其他行规复制来的。
QIAO-P080 = `{ $other }` 不能按 `{ $name }` 读取：{ $fault ->
        [same] 两者相同
        [kind] 一个是数据字典类型（大写），另一个是消息成员
       *[chain] 后者本身又被读作别的名称
    }。
    .title = 写法指向不明
    .fix = 左边写适配器发送的名称，右边写映射所用的名称。
    .cause = 左右写反，或两条应合为一条。

profile-check-good = { $profile }：没有问题。{ $fields } 个字段，{ $valid } 个有效示例，{ $invalid } 个无效示例，{ $rules } 条规则。
profile-check-faults = { $errors } 个错误，{ $warnings } 个警告。
profile-readme-written = 已写入：{ $file }
profile-sources = 来源
profile-covered = 涵盖
profile-not-covered = 未涵盖
profile-travels = 传输方式
profile-fields = 字段（{ $count }）
profile-values = 取值
profile-known-by = 识别条件（报文须全部满足）
profile-condition = { $pointer } { $test ->
    [exists] 存在
    [matches] 匹配 { $value }
   *[equals] 等于 { $value }
}
profile-words = 词汇：报文用词 ↔ 通用概念用词
profile-also-written = 也用于写出：{ $values }
profile-also-read = 读取时也接受：{ $values }
profile-absent = 报文无法表达 { $value }：{ $because }
profile-unit-words = 单位用词
profile-left-out = 有意省略
profile-open = 每个选中的节点都成为 { $pointer } 的一个成员，以其路径命名。
profile-read = { $reading ->
        [primary] 已阅读原文
       *[secondary] 依据第三方资料
    }
profile-disclaimer = 根据这些文件的公开事实自行编写；不声称任何官方符合性。
profile-mandatory = 必需
profile-once = 只读一次
profile-new-next = 已创建：{ $folder }
    后续步骤：1. 在 profile.yaml 中填写标题、说明、来源、涵盖范围、主题和 detect；
    2. 按自己的消息修改 schema.json 和 mapping.yaml；3. 用自己的示例替换现有示例；
    4. 反复运行 qiao profile check { $folder }，直至没有问题；
    5. 在配置中写明文件夹：profiles: [{ $below }]。
