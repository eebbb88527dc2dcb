# 行规（profile）：文件夹、清单、映射、示例；qiao profile。
QIAO-P001 = 缺少此文件。
    .title = 文件缺失
    .fix = 请添加该文件；行规文件夹应包含的内容见 schemas/README.md。
QIAO-P002 = 从此处起文件不是 UTF-8 编码。
    .title = 不是 UTF-8
    .fix = 请以 UTF-8 编码保存。
QIAO-P003 = 文件超出限制（{ $limit }）。
    .title = 文件过大或嵌套过深
    .fix = 请拆分行规，或合并公共部分。
QIAO-P004 = 从此处起无法解析文件：{ $detail }。
    .title = 语法错误
    .fix = 请更正此处的文本。
QIAO-P005 = 此处不支持锚点、别名、标签、复合键以及多个文档。
    .title = 不支持的 YAML 特性
    .fix = 请完整写出该值。
QIAO-P006 = “{ $key }”重复出现，首次出现在第 { $first } 行。
    .title = 键重复
    .fix = 请只保留其中一个。
QIAO-P007 = 此处不认识“{ $key }”。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的键
    .fix = 请更正名称或将其删除。
QIAO-P008 = 缺少“{ $key }”。
    .title = 缺少键
    .fix = 请补充。
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
QIAO-P010 = “{ $value }”不在可选值之内：{ $choices }。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的选项
    .fix = 请使用所列词语之一。
QIAO-P011 = “{ $value }”不是时长。
    .title = 不是时长
    .fix = 请写成带单位的整数：250ms、10s、2min、1h。
QIAO-P012 = “{ $value }”的写法与“{ $example }”不符。
    .title = 名称格式错误
    .fix = 请使用小写字母、数字和“-”；版本号由数字和点组成。
QIAO-P013 = 行规的位置应与其名称一致：应为 { $expected }，实际为 { $found }。
    .title = 文件夹与名称不一致
    .fix = 请移动文件夹，或更正 profile 与 version。
QIAO-P014 = “{ $key }”应为“{ $expected }”，实际为“{ $found }”。
    .title = Schema 头部
    .fix = 请设为所示的值；该标识将 Schema 与其行规及版本绑定。
QIAO-P015 = “{ $value }”不是 JSON 指针：{ $detail }。
    .title = 不是 JSON 指针
    .fix = 请以“/”开头；占位符（如“{"{"}channel{"}"}”）须独占一级。
QIAO-P016 = “{ $value }”无法作为浏览路径或节点标识解析：{ $detail }。
    .title = 不是浏览路径
    .fix = 请用“/”连接浏览名，名称有歧义时写 nsu=URI:Name；类型写作 nsu=URI;i=数字。
QIAO-P017 = 占位符“{ $name }”未声明。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的占位符
    .fix = 请在 placeholders: 下声明它及其代表的类型。
QIAO-P018 = 占位符“{ $name }”未出现在“{ $path }”中：指针与浏览路径的占位符必须一致。
    .title = 占位符不一致
    .fix = 请在另一侧补充，或在此处删除。
QIAO-P019 = “{ $pointer }”被填充两次，首次在第 { $first } 行。
    .title = 成员重复填充
    .fix = 请只保留其中一项。
QIAO-P020 = 枚举“{ $name }”未声明。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的枚举
    .fix = 请在 enumerations: 下声明。
QIAO-P021 = “{ $name }”已声明但未使用。
    .title = 声明而未使用
    .fix = 请使用或删除它。
QIAO-P022 = Schema 未描述“{ $pointer }”：该成员将无人检查。
    .title = Schema 中没有
    .fix = 请在 schema.json 中描述该成员，或更正指针。
QIAO-P023 = “{ $topic }”不是主题模板：{ $detail }。
    .title = 不是主题模板
    .fix = 请用“/”分隔层级，并使用已知的占位符，如“{"{"}gateway{"}"}”和“{"{"}machine{"}"}”。
QIAO-P024 = 此文件不属于行规文件夹，不会被读取。
    .title = 未知的文件
    .fix = 请重命名或删除；应包含的内容见 schemas/README.md。
QIAO-P025 = 应有三个文本成员：pointer、keyword、shows。
    .title = 期望不完整
    .fix = 请说明示例的错误：位置、关键字以及所展示的内容。
QIAO-P026 = 有效示例在 { $pointer } 处被“{ $keyword }”拒绝：{ $text }
    .title = 有效示例被拒绝
    .fix = 请更正示例或 Schema。
QIAO-P027 = 无效示例却通过了检查；预期在 { $pointer } 处违反“{ $keyword }”。
    .title = 无效示例被接受
    .fix = 请收紧 Schema，或更正示例。
QIAO-P028 = 无效示例在 { $pointer } 处被“{ $keyword }”拒绝；而声明的是 { $stated-pointer } 处的“{ $stated-keyword }”。
    .title = 拒绝原因不符
    .fix = 每个无效示例应恰好只有其 .expect.json 所声明的一个错误。
QIAO-P029 = 页面内容与文件夹不一致。
    .title = 页面已过时
    .fix = 请运行 qiao profile check --write-readme 文件夹。
QIAO-P030 = 行规“{ $profile }”未安装。{ $nearest ->
        [none] {""}
       *[other] 您是想写“{ $nearest }”吗？
    }
    .title = 未知的行规
    .fix = qiao profile list 列出全部；--profiles 文件夹 可添加自有的行规。
QIAO-P031 = “{ $profile }”已由另一个文件夹提供。
    .title = 行规重复
    .fix = 请为其中一个改用其他名称或版本。
QIAO-P032 = 无法读取文件夹：{ $detail }。
    .title = 文件夹不可读
    .fix = 请检查路径及权限。
QIAO-P033 = 没有示例。
    .title = 缺少示例
    .fix = 请在 examples/valid/ 放入符合要求的消息，在 examples/invalid/ 放入各含一个错误的消息。
QIAO-P034 = “{ $key }”的值超出范围。
    .title = 值超出范围
    .fix = 枚举的数值须为整数；单位为 UNECE 第 20 号建议书代码（如 P1）；at-least-every 不得短于 every；complete-within 最长 1h。

profile-check-good = { $profile }：没有问题。{ $fields } 个字段，{ $valid } 个有效示例，{ $invalid } 个无效示例。
profile-check-faults = { $errors } 个错误，{ $warnings } 个警告。
profile-readme-written = 已写入：{ $file }
profile-sources = 来源
profile-covered = 涵盖
profile-not-covered = 未涵盖
profile-travels = 传输方式
profile-fields = 字段（{ $count }）
profile-values = 取值
profile-left-out = 有意省略
profile-open = 每个选中的节点都成为 { $pointer } 的一个成员，以其路径命名。
profile-read = { $reading ->
        [primary] 已阅读原文
       *[secondary] 依据第三方资料
    }
profile-disclaimer = 根据这些文件的公开事实自行编写；不声称任何官方符合性。
profile-mandatory = 必需
profile-once = 只读一次
