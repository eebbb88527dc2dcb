# 配置：写了什么，错在哪里。

# 键所接受的值；用在其他消息中。
config-expected = { $expected ->
    [text] 文本
    [name] 由字母、数字、`-`、`_` 和 `.` 组成的名称（至多 64 字节，以字母或数字开头）
    [path] 路径
    [period] 时间，例如 `100ms`、`30s`、`5m` 或 `2h`
    [size] 大小，例如 `512KiB`、`256MiB` 或 `10GiB`
    [whole-number] 整数，不加引号
    [number] 数值，不加引号
    [address] 地址，例如 `127.0.0.1:8080`
    [day] 日期，例如 `2027-01-31`
    [utc-offset] 时差，例如 `+08:00`，需加引号
    [rate] 频率，例如 `6/1m`（一段时间内的次数）
    [deadband] 数值，例如 `0.5`，或量程的百分比，例如 `2%`
    [word] 规定的值之一
    [list] 列表（`- …`）
    [table] 键值表（`键: 值`）
    [text-or-table] 文本或键值表
   *[other] { $expected }
}
config-found = { $found ->
    [nothing] 空
    [empty] 空文本
    [text] 文本
    [list] 列表
    [table] 键值表
   *[other] { $found }
}

QIAO-C001 = 这不是合法的 YAML：{ $slip ->
        [tab] 此处有制表符；YAML 用空格缩进和分隔
        [full-width] `{ $found }` 不是 YAML 认识的字符，请写 `{ $meant }`
        [quote] 带引号的文本结束得太早或没有结束，或其后缺少逗号
        [bracket] 括号没有闭合，或缺少逗号
        [indentation] 这一行的缩进与同级各项不一致
        [no-colon] 这一行缺少键、`:` 和空格
        [colon] 含有 `: ` 的文本需加引号
        [line-before] 这一行接续了上一行的文本：上一行缺少 `:`，或这一行缩进过多
        [braces] 含有花括号的文本需整个加引号
        [star] 以 `*` 或 `&` 开头的文本需加引号
        [character] 以“{ $found }”开头的文本需加引号
        [escape] 在 "…" 文本中，反斜杠后面的字符不需要转义；请改用 '…'
        [deep] 列表和表的嵌套超过 32 层
       *[other] { $reason }
    }。
    .title = 不是 YAML
    .fix = 请检查这一行和上一行：缩进、缺失的引号或括号、制表符。文件可读之后才能找出其余错误。
    .cause = YAML 依靠缩进和引号；多一个或少一个空格、制表符或引号，后面的内容就无法识别。
QIAO-C002 = 此处不使用锚点（`&`）、别名（`*`）和标签（`!`）；以这些字符开头的文本需加引号。
    .title = 锚点、别名或标签
    .fix = 请在需要的地方直接写出值。以 `*`、`&` 或 `!` 开头的文本需加引号，例如 "**"。
    .cause = `**/Speed` 之类的浏览路径以 YAML 中有特殊含义的字符开头；或内容复制自其他工具的模板。
QIAO-C003 = 配置是空的。
    .title = 空配置
    .fix = 可以从 `config/examples` 中的文件开始。
    .cause = 所有行都是注释，文件从未保存，或脚本没有写入任何内容。
QIAO-C004 = 此处开始了第二个文档；一个文件只包含一份配置。
    .title = 多个文档
    .fix = 删除 `---` 这一行，或把另一个文档放到单独的文件中。
    .cause = 两份配置放进了同一个文件，或有人用一行短横线分隔各部分。
QIAO-C005 = 键必须是普通文本，这个不是。
    .title = 键不是文本
    .fix = 请写成 `键: 值`。以花括号开头的值（例如主题模板）需加引号。
    .cause = 在应写名称的地方写了带花括号的占位符；不加引号时 YAML 会把它当作表。
QIAO-C006 = 键 `{ $key }` 在此重复；{ $first } 已经给出。
    .title = 键重复
    .fix = 只保留其中一个；qiao 不会猜测您指的是哪一个。
    .cause = 复制了一段内容却没有改名，或该键在前面和后面各写了一次。
QIAO-C007 = 此处没有键 `{ $name }`。{ $nearest ->
        [none] 可用的键：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的键
    .fix = 此处可用的键：{ $known }。`config/qiao.yaml` 列出了全部。
    .cause = 键名拼写有误、缩进位置不对，或属于其他版本或其他工具。
QIAO-C009 = 应为：{ config-expected }；实际为：{ config-found }。
    .title = 值的类型不对
    .fix = 此处应为：{ config-expected }。删除该键则使用默认值。
    .cause = 列表项前缺少短横线，数字加了引号，或忘记写值。
QIAO-C010 = `{ $value }` 不合要求，应为：{ config-expected }。
    .title = 无法识别的值
    .fix = 应为：{ config-expected }。
    .cause = 缺少单位或单位写法不同，或名称含有空格等不允许的字符。
QIAO-C011 = 缺少键 `{ $key }`。
    .title = 缺少键
    .fix = 请补上 `{ $key }`；其含义见 `config/qiao.yaml`。
    .cause = 该键没有适合所有工厂的默认值，因此必须写出；也可能是缩进到了别处。
QIAO-C012 = 未安装行规（profile）`{ $name }`。{ $nearest ->
        [none] 已安装：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的行规
    .fix = 行规须连同版本一起写，例如 `core/data-set-message@1.0`。已安装：{ $known }。自己的文件夹写在 `profiles` 下。
    .cause = 没有写版本或安装的是其他版本，或没有列出自己的行规文件夹。
QIAO-C013 = `{ $name }` 不是此键的有效值。{ $nearest ->
        [none] 有效值：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 无效的值
    .fix = 请写以下之一：{ $known }。
    .cause = 单词拼写有误、大小写不同，或用了其他产品的写法。
QIAO-C014 = 此处必须且只能有以下之一：{ $known }。
    .title = 多个键中取一个
    .fix = 在 { $known } 中保留一个，删除其余。
    .cause = 同时写了两种方式，或一种也没有选。
QIAO-C015 = `{ $key }` 是空的。
    .title = 空列表或空表
    .fix = 至少写一项；若该键有默认值，也可以删除它。
    .cause = 各项被注释掉，或尚未填写。
QIAO-C016 = { $value } 超出范围：{ $low } 至 { $high }。
    .title = 超出范围
    .fix = 请写 { $low } 至 { $high } 之间的值。
    .cause = 数值原本用的是另一种单位，或多写了一位数字。
QIAO-C020 = 没有名为 `{ $name }` 的连接。{ $nearest ->
        [none] 已有：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的连接
    .fix = `from` 和 `to` 须写 `connections` 中的名称：{ $known }。
    .cause = 名称拼写有误，或该连接已改名或删除。
QIAO-C021 = 连接 `{ $name }` 的类型是 `{ $kind }`；此键需要类型为 `{ $expected }` 的连接。
    .title = 连接类型不对
    .fix = `from` 需要 `opcua` 连接，`to` 需要 `mqtt` 连接。
    .cause = `from` 与 `to` 写反了，或两个连接名称相近。
QIAO-C022 = `{ $name }` 在此重复；{ $first } 已经给出。
    .title = 名称重复
    .fix = 请另取名称：日志、指标和主题靠它来区分。
    .cause = 复制了一段内容而没有更改名称。
QIAO-C023 = `{ $glob }` 不是浏览路径：{ $fault ->
        [empty] 没有任何一级
        [empty-step] 第 { $at } 位处的一级为空；名称中的斜杠写作 `\/`
        [escape] 第 { $at } 位的 `\` 后面是不需要转义的字符
        [no-name] 第 { $at } 位的 `nsu=` 后面须有 URI、`:` 和名称
        [braces] 第 { $at } 位的花括号不成对或嵌套
        [deep] 第 { $at } 位的 `**` 必须独占一级
        [too-many] 级数或可选项过多
       *[other] 格式不对
    }。
    .title = 浏览路径格式错误
    .fix = 各级之间用 `/` 连接；`*` 表示一级中的任意部分，`**` 表示任意多级，`{"{"}a,b{"}"}` 表示其中之一；`nsu=URI:名称` 指明命名空间。
    .cause = 路径复制自其他工具，或浏览名含有在此有特殊含义的字符。
QIAO-C024 = `{ $topic }` 不是主题模板：{ $fault ->
        [brace] 第 { $at } 位的花括号不成对
        [forbidden] 第 { $at } 位的“{ $found }”不能出现在主题中
        [reserved] 以 `$` 开头的主题属于 Broker
        [too-long] 超过 65535 字节
       *[other] 内容为空
    }。
    .title = 主题模板格式错误
    .fix = 主题中不能有 `+`、`#` 和控制字符；`{"{"}machine{"}"}` 之类的占位符会被填入。
    .cause = `+` 和 `#` 是供订阅者使用的通配符；发布者必须写出确切的主题。
QIAO-C025 = `{ $name }` 不是主题的占位符。{ $nearest ->
        [none] 可用：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的占位符
    .fix = 占位符有：{ $known }，各自写在花括号中。
    .cause = 占位符拼写有误，或属于其他产品。
QIAO-C026 = { $first } 的连接在同一 Broker 上已使用客户端标识 `{ $client }`；两者会不断把对方踢下线。
    .title = 客户端标识重复
    .fix = 给其中一个连接另设 `client-id`，或让两个数据流共用一个连接。
    .cause = 复制连接时保留了客户端标识；Broker 对每个标识只允许一个连接，会断开先前的连接。
QIAO-C027 = `{ $address }` 不是 OPC UA 服务器地址。
    .title = OPC UA 地址格式错误
    .fix = 请写 `opc.tcp://主机:4840` 或 `opc.tcp://主机:4840/路径`，不含用户名和密码。
    .cause = 缺少斜杠、端口或协议头，或拼写有误，或这是网页或其他协议的地址。
QIAO-C028 = `{ $address }` 不是 MQTT Broker 地址。
    .title = Broker 地址格式错误
    .fix = 请写 `mqtts://主机:8883`（加密）或 `mqtt://主机:1883`，经 WebSocket 则写 `wss://主机/mqtt` 或 `ws://主机/mqtt`，不含用户名和密码。
    .cause = 其他工具使用 `tcp://`、`ssl://` 或 `ws://`；或地址中包含用户名和密码。
QIAO-C029 = `{ $node }` 不是节点标识（NodeId）：{ $fault ->
        [index] 服务器重启后命名空间的序号会改变，请写其 URI
       *[form] 其形式为 `nsu=URI;s=名称`、`nsu=URI;i=13`，在 OPC UA 自身的命名空间中为 `i=85`
    }。
    .title = 节点标识格式错误
    .fix = 请按服务器 NamespaceArray 中所列写出命名空间的 URI：`nsu=urn:acme:lathe;s=Lathe7`。
    .cause = OPC UA 客户端显示的节点标识带有 `ns=2` 之类的命名空间索引，它在服务器重启后可能改变。
QIAO-C030 = 环境变量 `{ $name }` 未设置。
    .title = 环境变量中没有凭据
    .fix = 请为运行 qiao 的用户设置 { $name }，或改用 `file:`。
    .cause = 变量只在您的 shell 中设置，没有为服务设置；或名称拼写有误。
QIAO-C031 = `{ $whence }` 中的凭据是空的。
    .title = 凭据为空
    .fix = 请写入凭据。
    .cause = 文件已创建但没有写入凭据，或部署时变量留空。
QIAO-C032 = 本机所有用户都能读取 `{ $path }`。
    .title = 凭据对所有人可读
    .fix = chmod 600 { $path }
    .cause = 在大多数系统上，新建文件默认所有人可读。
QIAO-C033 = 此连接没有安全保护：仅当服务器接受加密的密码时才发送密码，而数据在途中可被读取。
    .title = 有密码而无安全保护
    .fix = 若服务器提供，请选择 `security: sign-and-encrypt`；否则请信任服务器的证书，密码将用它加密。
    .cause = 为初次试用而关闭了安全功能的连接后来又加上了用户名和密码。
QIAO-C034 = 此连接没有安全保护：途中任何人都能读取和篡改其内容。
    .title = OPC UA 无安全保护
    .fix = 服务器一旦支持，请选择 `security: sign-and-encrypt`。
    .cause = 写了 `security: none-i-accept-the-risk`，没有证书的控制器需要这样。
QIAO-C035 = 密码在网络上以明文传输。
    .title = 明文密码
    .fix = 请使用 `mqtts://`；若 Broker 的证书由自建机构签发，请加上 `ca`。
    .cause = `mqtt://` 不加密，而该连接配置了用户。
QIAO-C036 = 有 `{ $key }` 而没有 `{ $partner }`；两者须同时给出。
    .title = 成对的键缺一个
    .fix = 请补上 `{ $partner }` 或删除 `{ $key }`。
    .cause = 漏写了其中一个键，或因缩进而落到了别处。
QIAO-C037 = `{ $key }` 与 `{ $other }` 不能同时使用。
    .title = 互斥的键
    .fix = 删除其中一个。
    .cause = 更改了某项设置，却留下了属于旧选择的另一项。
QIAO-C038 = `qos: 0` 时 Broker 不确认任何消息，途中丢失即丢失。
    .title = 不保证送达
    .fix = 删除 `qos`，则每条消息都会得到确认。
    .cause = 该连接写了 `qos: 0`，可能是为了减轻 Broker 的负担。
QIAO-C040 = 无法读取 `{ $path }`：{ $reason }。
    .title = 文件无法读取
    .fix = 请检查路径（相对于配置文件）以及运行 qiao 的用户的权限。
    .cause = 路径的起始目录与预想不同，文件没有一起复制，或运行 qiao 的用户无权读取。
QIAO-C041 = 在 { $until } 之前，即使该服务器的证书有缺陷也予以接受。
    .title = 证书检查的例外
    .fix = 请更新证书，然后删除 `accept-certificate`。
    .cause = 因服务器证书未能及时更新而写了 `accept-certificate`。
QIAO-C042 = `delivery: durable` 到 `{ $name }` 为止，因为它是 `qos: 0`：此后不保证送达。
    .title = 持久化止于不确认的 Broker
    .fix = 从该连接中删除 `qos: 0`。
    .cause = 数据流会保留消息直到 Broker 确认，而该连接不要求确认。
QIAO-C043 = 没有数据流使用连接 `{ $name }`。
    .title = 未使用的连接
    .fix = 删除它，或在某个数据流的 `from` 或 `to` 中使用它。
    .cause = 使用它的数据流已删除，或误写了另一个连接。
QIAO-C044 = 内置 Broker 不要求密码，因此不会监听 { $address }。
    .title = 内置 Broker 对网络开放
    .fix = 请使用回环地址，例如 `127.0.0.1:1883`；面向网络请使用独立的 Broker。
    .cause = 为了让其他计算机订阅，`embedded` 写成了 `0.0.0.0` 或网络地址。
QIAO-C045 = 网络上的任何人都能读取 { $address } 上的状态页面。
    .title = 状态页面对网络开放
    .fix = 请使用回环地址，例如 `127.0.0.1:8080`，或用防火墙阻止他人访问。
    .cause = `http` 写成了 `0.0.0.0` 或网络地址，容器中常常需要这样。
QIAO-C046 = 此数据流找到的每台设备都会发布到 `{ $topic }`；第二台将被拒绝。
    .title = 多台设备共用一个主题
    .fix = 请在主题中加入 `{"{"}machine{"}"}`。
    .cause = 数据流通过 `each` 找到多台设备，而主题中没有可区分它们的内容。
QIAO-C047 = 网关在 `{ $topic }` 上报告自身及设备是否在线。
    .title = 保留的主题
    .fix = 请另选主题。
    .cause = 所选主题位于网关自身消息所用的 `qiao/…` 之下。
QIAO-C048 = { $first } 的内容已经发布到 `{ $topic }`。
    .title = 主题重复
    .fix = 请在主题中加入 `{"{"}flow{"}"}` 或 `{"{"}profile{"}"}`，或另选主题。
    .cause = 两个数据流，或同一数据流的两个行规，以相同主题发往同一个 Broker。
QIAO-C049 = 无法读取配置：{ $reason }。
    .title = 配置无法读取
    .fix = 用 `-c 文件` 指明；`config/examples` 中有可供参考的文件。
    .cause = 路径拼写有误，命令在其他目录下运行，或运行 qiao 的用户无权读取该文件。
QIAO-C050 = `{ $filter }` 不是日志级别：{ $reason }。
    .title = 未知的日志级别
    .fix = 请写 error、warn、info、debug 或 trace，也可以按模块写，例如 `qiao::opcua=debug,info`。
    .cause = 级别拼写有误，或使用了其他工具的过滤器写法。

QIAO-C065 = 来自 MQTT 连接的数据流须用 `each` 和 `topic` 说明订阅什么。
    .title = 缺少订阅
    .fix = 例如写 `each: {"{"} topic: line/{"{machine}"}/state {"}"}`。
    .cause = 该数据流是从 OPC UA 服务器的数据流复制而来。
QIAO-C066 = `{ $topic }` 无法订阅：{ $fault ->
        [empty] 它是空的
        [too-long] 它超过 65535 字节
        [not-alone] 第 { $at } 个字符处的 `{ $found }` 没有独占一级，或 `#` 不在末尾
        [brace] 第 { $at } 个字符处的花括号不成对或缺少名称
        [twice] `{ $found }` 出现两次
        [shared] 共享订阅由 `$share/`、组名和其后的过滤器组成
       *[forbidden] 第 { $at } 个字符不能出现在主题中
    }。
    .title = 主题过滤器无效
    .fix = 各级写作文本、`+`、花括号中的名称（如 `{"{machine}"}`），`#` 只能是最后一级。
    .cause = MQTT 对通配符和名称有自己的规则。
QIAO-C067 = 对于来自{ $kind ->
        [mqtt] MQTT 连接
       *[opcua] OPC UA 服务器
    }的数据流，`{ $key }` 没有意义。
    .title = 属于另一协议的键
    .fix = 删去它，或在 `from` 中指定另一连接。
    .cause = 该数据流是从另一种协议的数据流复制而来。
QIAO-C068 = 发布到 `{ $topic }` 的内容可能经同一 Broker 上的 `{ $pattern }` 返回，无休止地循环：{ $circle }。
    .title = 环路
    .fix = 发布到没有数据流订阅的主题，或缩小 `each`，使两者不会相遇。
    .cause = 输入与输出在同一个 Broker 上重叠，常因过滤器以 `#` 结尾。
QIAO-C069 = { $profile } 自行规定字段；MQTT 消息的内容无法填入。
    .title = 配置规范不接受任意字段
    .fix = 若消息本身符合该配置规范，请写 `decode: message`；否则删去 `profile`。
    .cause = `decode` 与 `profile` 不匹配。
QIAO-C070 = 使用 `decode: message` 或 `decode: profile` 时每条消息只属于一个配置规范；这里写了多个。
    .title = 一条消息多个配置规范
    .fix = 只写一个配置规范，其余各写一个数据流。
    .cause = 多个行规仅适用于逐字段读取的设备。
QIAO-C071 = `time` 指 JSON 消息的一个成员；此数据流不拆解消息。
    .title = 没有可查看的成员
    .fix = 写 `decode: json`，或删去 `time`。
    .cause = `time` 被加到负载不是 JSON 对象的数据流上。
QIAO-C072 = `{ $value }` 不是 JSON 指针。
    .title = 不是 JSON 指针
    .fix = 以斜杠开头，例如 `/timestamp` 或 `/head/ts`。
    .cause = 写了名称，而此处需要 JSON 指针。
QIAO-C075 = 文件不是 UTF-8：{ $encoding ->
        [utf-16] 它是 UTF-16，即 Windows 所说的“Unicode”
       *[other] 此处有其他编码的字节，例如 GB18030 或 Windows-1252
    }。
    .title = 不是 UTF-8
    .fix = 请在编辑器中另存为 UTF-8。转换方法：iconv -f UTF-16 -t UTF-8，或 -f WINDOWS-1252，或 -f GB18030。
    .cause = Windows 编辑器会以 UTF-16 或本地编码（如 Windows-1252 或 GB18030）保存。
QIAO-C076 = `{ $pattern }` 不是文件的模式：{ $fault ->
        [folder] `*` 和 `?` 只能用在文件名中，不能用在文件夹名中
       *[no-name] 它指的是文件夹，不是文件
    }。
    .title = include 格式不对
    .fix = 请写文件的路径，或 `conf.d/*.yaml` 这样的模式。
    .cause = 写的是文件夹，或像在 shell 中那样把通配符写进了文件夹名。
QIAO-C077 = 没有文件与 `{ $pattern }` 匹配。
    .title = include 没有文件
    .fix = 请检查模式：它相对于写有它的文件，隐藏文件从不匹配。若没有要包含的文件，请删除它。
    .cause = 文件夹是空的或不是预想的那个，或文件扩展名是 `.yml` 而不是 `.yaml`。
QIAO-C078 = `{ $path }` 已经读过；{ $first } 要求读取了它。
    .title = 文件读了两次
    .fix = 每个文件只包含一次：删除这一项，或修改模式使其不匹配该文件。
    .cause = 某个模式匹配到了已单独列出的文件，或两个文件互相包含。
QIAO-C079 = 太多了：超过 { $limit } { $what ->
        [bytes] MiB
        [files] 个文件
        [levels] 层文件互相包含
       *[nodes] 个由模板生成的键和值
    }。
    .title = 配置太大
    .fix = 配置是人写的文本。请检查指定的文件是否正确；若正确，请分给多个网关。
    .cause = 指定了错误的文件（例如日志），或脚本无休止地写入配置。
QIAO-C080 = `{ $key }` 只能写在主文件中{ $given ->
        [yes] ，主文件中位于 { $first }
       *[no] {""}
    }。
    .title = 主文件的键
    .fix = 请把 `{ $key }` 移到 `-c` 指定的文件中，或在此删除。
    .cause = 包含了一份完整的配置，而网关的名称和监听地址只能写在主文件中。
QIAO-C081 = 没有模板 `{ $name }`。{ $nearest ->
        [none] 已有：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的模板
    .fix = `template` 的值是 `templates` 中的一项：{ $known }。
    .cause = 名称拼写有误，或该模板所在的文件没有被包含。
QIAO-C082 = `use` 中没有任何一项使用模板 `{ $name }`。
    .title = 未使用的模板
    .fix = 请删除它，或在 `use` 中增加一项。
    .cause = `use` 中的条目已删除，或写的是另一个模板。
QIAO-C083 = 模板 `{ $template }` 需要 `{ $name }`。
    .title = 缺少参数值
    .fix = 请在这一项中补上 `{ $name }`，或在模板中给该参数一个默认值。
    .cause = 该参数没有默认值，而此条目没有给出；也可能是此处名称拼写有误。
QIAO-C084 = 该模板没有参数 `{ $name }`。{ $nearest ->
        [none] 它的参数：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的参数值
    .fix = 该模板的参数：{ $known }。
    .cause = 参数名拼写有误，或模板中的参数已改名。
QIAO-C085 = `{ $name }` 不是该模板的参数。{ $nearest ->
        [none] 它的参数：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 未知的参数
    .fix = 请在 `parameters` 下声明，或写以下之一：{ $known }。花括号前表示自身的 `$` 写作 `$$`。
    .cause = 参数拼写有误或未声明，或花括号前的 `$` 本意是字面字符。
QIAO-C086 = `{ $text }` 中的 `${"{"}` 后面缺少名称和 `{"}"}`。
    .title = 参数格式不对
    .fix = 请写 `${"{"}name{"}"}`。花括号前表示自身的 `$` 写作 `$$`。
    .cause = 漏写了右花括号或名称，或花括号前的 `$` 本意是字面字符。
QIAO-C087 = 行规 `{ $profile }` 用于事件，但该数据流不采用事件。
    .title = 事件行规缺少事件
    .fix = 请在该数据流中添加 `events: {"{"}{"}"}`，或删除该行规。
    .cause = 添加了行规，但忘记了用于获取事件的键。
QIAO-C088 = 模板中没有用到参数 `{ $name }`。
    .title = 未使用的参数
    .fix = 请删除它，或在需要的地方写 `${"{"}{ $name }{"}"}`。
    .cause = 使用它的那一行已删除，或直接写了值。
QIAO-C089 = 参数不能叫 `{ $name }`：`use` 中的这个键用来指定模板。
    .title = 保留的参数名
    .fix = 请另选名称。
    .cause = 在 `use` 的条目中，键 `template` 已用来指定模板。
QIAO-C091 = `${"{"}{ $name }{"}"}` 只在模板中替换；此处保持原样。
    .title = 模板之外的参数
    .fix = 请直接写出值。来自环境变量的凭据写作 `password: {"{"} env: NAME {"}"}`。
    .cause = 其他工具会把环境变量填入任意文本；这里只对凭据这样做。
QIAO-C093 = `{ $found }` 不是 YAML 认识的字符，请写 `{ $meant }`。
    .title = 全角或排版字符
    .fix = 请关闭中文输入法再输入，也不要使用文字处理软件的弯引号。
    .cause = 中文输入法会输入 `：` 和 `，`，文字处理软件会输入弯引号，看上去很相似。
QIAO-C094 = `{ $text }` 的冒号后面缺少空格。
    .title = 冒号后没有空格
    .fix = 请写 `键: 值`。
    .cause = 漏写了空格；YAML 便把键和值当作一段文本。
QIAO-C095 = 凭据不能直接写在配置中。
    .title = 明文凭据
    .fix = 请写入单独的文件（chmod 600）并写作 `password: {"{"} file: secrets/name {"}"}`，或 `{"{"} env: VARIABLE {"}"}`。原来写在此处的凭据应当更换：看过文件的人都知道它。
    .cause = 为快速试用直接写了密码；而配置文件会被复制、发送并存入版本库。
QIAO-C096 = 小数要用小数点：`{ $value }`。
    .title = 小数逗号
    .fix = 请写 `{ $value }`。
    .cause = 许多国家用逗号作小数点；在 YAML 中逗号用来分隔各项。
QIAO-C097 = `{ $value }` 以零开头，有的程序会当作八进制。请写 `{ $meant }`。
    .title = 前导零
    .fix = 请去掉数字前面的零。
    .cause = 数字前面补了零，或它其实是文本（例如设备编号）。
QIAO-C098 = 不加引号的 `{ $text }` 是表，不是文本；请写 `"{ $text }"`。
    .title = 花括号未加引号
    .fix = 请把整个文本放进引号：`"{ $text }"`。
    .cause = 主题模板以占位符开头；YAML 会把花括号当作表的开头。
QIAO-C099 = `{ $key }` 写在 `connections` 下面，但应与它同级。
    .title = 缩进过多
    .fix = 请把 `{ $key }` 及其下的内容左移到 `connections` 所在的列。
    .cause = 这一段在输入或粘贴时向右多缩进了一级。
QIAO-C100 = 该数据流所用行规的任何字段都不含概念 `{ $name }`。{ $nearest ->
        [none] 已知的有：{ $known }。
       *[other] 是否指 `{ $nearest }`？
    }
    .title = 未知概念
    .fix = 请填写该数据流的行规所含的概念；可用 `qiao profile show` 列出。
    .cause = 概念拼写有误，或属于该数据流未使用的行规：本应留下的内容会被送出。
QIAO-C101 = `{ $profile }` 的必填字段不送出：{ $pointers }。按该行规校验的接收方会拒收消息。
    .title = 必填字段不送出
    .fix = 请允许送出这些概念（必要时以假名送出），或与接收方约定其缺失。
    .cause = 行规要求的概念列在 `drop` 中，或未列入 `only`。
QIAO-C102 = 逐字节转发的消息无法去除其中的部分。
    .title = 外来消息无法去除内容
    .fix = 请删除 `only`、`drop` 和 `pseudonymise`，或用 `decode: json` 读取消息。
    .cause = 该数据流设置了 `decode: message`，转发时不改动任何字节。
QIAO-C103 = 此处要求保留 `{ $concept }` 不送出，而 { $first } 处要求送出。
    .title = 送出规则相互矛盾
    .fix = 每个概念只能写在 `only`、`drop`、`pseudonymise` 之一；假名化的概念可同时写入 `only`。
    .cause = 两人先后编写了列表，或模板又作了补充。
QIAO-C104 = 密钥短于 { $bytes } 字节：假名背后的姓名可能被穷举猜出。
    .title = 密钥过短
    .fix = 请生成 32 字节的随机密钥（例如 `openssl rand -hex 32`），并保存在本地。
    .cause = 把口令当作密钥使用。
QIAO-C110 = 数据流不支持 `{ $profile }`：其报文以文件方式交换，或数据流尚不支持其编码。
    .title = 行规不适用于数据流
    .fix = 请选用适用于数据流的行规；文档请用 `qiao translate` 转换，采样值用 `publish-as` 发布。
    .cause = 为设备遥测指定了文档类行规，例如铭牌。
QIAO-C115 = `{ $profile }` 的消息之外不发布任何内容：`{ $topic }` 的结尾不是 `{ $behind }`。
    .title = 读取方找不到设备
    .fix = 让主题以 `{ $behind }` 结尾；其前面的前缀和客户端标识可自由填写。若读取方本来就知道这些主题，则不缺少什么。
    .cause = 数据流使用了自己的主题，而读取方据以发现设备的列表位于行规主题中设备所在位置的旁边。
QIAO-C116 = `{ $profile }` 的消息之外不发布任何内容：在发现设备之前，`{ $topic }` 中的 { $places } 无从得知。
    .title = 设备列表没有位置
    .fix = 请在 `machines` 中为设备给出相应的 `location`，或直接写出前缀和客户端标识，例如 `umati/v2/acme/cell7/MachineToolType/{"{"}machine{"}"}`。
    .cause = 一个列表列出同一基准下的所有设备，而报告在线状态者必须在有设备之前就知道基准。

QIAO-C120 = { $profile } 的内容是事件；{ $target } 中没有对应的表达。
    .title = 事件不参与转换
    .fix = 请用单独的、不带 `publish-as` 的数据流采集事件。报警可转换为带报警列表的行规，例如 `nclink/cnc@3.0`。
    .cause = 保留的状态（例如 umati 报文）无法表达一次性发生的事情。
QIAO-C121 = 原样转发的报文无法转换。
    .title = `publish-as` 与 `decode: message` 相互矛盾
    .fix = 请写 `decode: profile` 以拆解报文，或删去 `publish-as`。
    .cause = `decode: message` 只检查报文，然后逐字节原样转发。
QIAO-C122 = { $profile } 的任何内容在 { $target } 中都没有位置。
    .title = 没有可转换的内容
    .fix = 请查看二者的共同内容：`qiao translate --from { $profile } --to { $target } --coverage`。
    .cause = 两个行规没有共同的概念；自由字段的行规在字段绑定之前没有概念。
QIAO-C123 = { $concept } 不能使用假名：报警靠其内容相互区分。
    .title = 报警不使用假名
    .fix = 请从 `pseudonymise` 中删去 { $concept }；用 `drop` 可使其不外传。
    .cause = 报警会被转换，使用假名后无人能查到该报警。

QIAO-C111 = `{ $profile }` 的消息无法拆分为各个字段。
    .title = 消息无法拆分
    .fix = 请选用消息为嵌套对象（umati）或 NC-Link 的行规；若要原样转发消息，请写 `decode: message`。
    .cause = 数据流写了 `decode: profile`，但其行规只用于输出，不用于读取。
QIAO-C112 = `{ $topic }` 收不到 NC-Link 设备的采样数据。
    .title = 不是 NC-Link 采样主题
    .fix = 写 `each: {"{"} topic: "Sample/{"{"}machine{"}"}/+" {"}"}`；`Sample` 前可以有前缀，其后一级必须是设备，写成 `{"{"}machine{"}"}` 或设备名称。
    .cause = 设备及其事件和模型都由 `Sample` 之后的一级来识别。
QIAO-C113 = NC-Link 消息自带采样时间，`time` 在此没有意义。
    .title = 时间已在消息中
    .fix = 删去 `time`。
    .cause = 沿用了用于普通 JSON 的数据流配置。
QIAO-C118 = `{ $concept }` 的值是{ $type ->
        [integer] 整数
        [number] 数值
        [boolean] 布尔值
        [time] 时间点
        [date] 日期
       *[enumeration] 少数几个词之一
    }；假名是文本，接收方在该处不接受文本，而且取值很少时假名起不到隐藏作用。
    .title = 对非文本内容使用假名
    .fix = 用 `drop` 将其保留在本地，或原样传出；假名只适用于文本和标识。
    .cause = 想用假名隐藏测量值或状态，而不是名称。
QIAO-C124 = 凡能访问 { $address } 的人都能读取网关在此显示的内容，途中也人人可读。
    .title = 自有服务器对网络开放
    .fix = 去掉 `security`：客户端便需要您信任的证书。或改为监听回环地址。
    .cause = `none-i-accept-the-risk` 本是为初次试用而写，之后留了下来，而地址却是网络地址。
QIAO-C125 = 谁也进不来：没有用户，而没有用户的客户端会被拒绝。
    .title = 自有服务器没有用户
    .fix = 添加 `users: {"{"} 名称: {"{"} password: {"{"} file: secrets/名称 {"}"} {"}"} {"}"}`，或 `anonymous: read`。
    .cause = 默认情况下，没有用户的客户端会被拒绝。
QIAO-C126 = `{ $user }` 的密码少于 { $least } 字节。
    .title = 密码太短
    .fix = 请选用更长的密码；`openssl rand -base64 18` 可生成一个好密码。
    .cause = 初次试用的密码留了下来。
QIAO-C127 = `{ $name }` 是网关自己的 OPC UA 服务器；没有数据从它而来。
    .title = 自有服务器作为来源
    .fix = 请在 `to` 中写它。客户端在那里写入的内容经由 `writes`。
    .cause = `from` 与 `to` 弄反了。
QIAO-C145 = `{ $key }` 与 `{ $other }` 同时出现没有意义。
    .title = 互斥的键
    .fix = 请去掉其中一个。
    .cause = 复制了面向另一类目标的条目：已发布的内容无法读回，方法调用的参数另有自己的规则。
QIAO-C146 = `{ $key }: { $value }` 不是类型 { $type } 的值。
    .title = 超出类型范围的界限
    .fix = 请写该类型的值，或写节点实际的类型。
    .cause = 类型比节点自身的窄，或为整数写了小数。
QIAO-C147 = 最小值 { $min } 大于最大值 { $max }：任何值都无法写入。
    .title = 界限之间没有可用的值
    .fix = 请对调 `min` 与 `max`，或更正其中之一。
    .cause = 两者写反，或漏写了符号。
QIAO-C148 = `{ $key }` 表示距离；{ $value } 不是距离。
    .title = 无效的距离
    .fix = 请写大于 0 的数；`tolerance` 也可为 0。
    .cause = 多写了负号，或用 0 表示“不限制”：不限制时应去掉该键。
QIAO-C149 = 类型 { $type } 没有 `{ $key }`。
    .title = 类型不支持该界限
    .fix = 请去掉；`min`、`max`、`step`、`max-change` 用于数值，`max-length` 用于文本和字节串。
    .cause = 修改了类型，却保留了原来的界限。
QIAO-C150 = 可以写入任意 { $type }：没有设定界限。
    .title = 数值没有界限
    .fix = 请写 `min` 和 `max`，或 `one-of`。如果任何值对设备确实都安全，请明确写出：`bounds: none-i-accept-the-risk`。
    .cause = 界限写在图纸或控制器里；网关也必须知道。
QIAO-C151 = `{ $topic }` { $fault ->
        [presence] 是网关发布自身在线状态的主题；命令须使用自己的主题
        [level] 不是设备：设备标识是主题中的一级
       *[form] 不能作为命令主题：不得含 `+`、`#`，不得以 `$` 开头，花括号只允许 { "{gateway}" } 和 { "{write}" }
    }。
    .title = 不是命令主题
    .fix = 请另选一个主题，例如 `plant/hall-3/command/feed-override`。
    .cause = 复制了订阅过滤器或数据流的主题模板。
QIAO-C152 = 没有发送方具有角色 `{ $name }`：无人能下达此命令。{ $nearest ->
        [none] 各发送方的角色：{ $known }。
       *[other] 您是否想写 `{ $nearest }`？
    }
    .title = 无人具有的角色
    .fix = 请把该角色赋予 `senders` 中的某一个，或写已有的角色：{ $known }。
    .cause = 角色名写错，或尚未写发送方。
QIAO-C153 = 凡是能在 `{ $connection }` 上发布的人都以 `{ $name }` 的身份下达命令：网关无法辨别是谁。
    .title = 仅由代理确认的发送方
    .fix = 建议改用密钥（`known-by: {"{"} key: … {"}"}`）；如需保留，请在代理上只允许一个用户发布命令主题。
    .cause = 下达命令的设备无法对报文签名。
QIAO-C154 = `{ $connection }` 未加密：网络上的任何人都能以 `{ $name }` 的身份发布并控制设备。
    .title = 经开放网络下达命令
    .fix = 请通过 `mqtts://` 连接代理，或让发送方用密钥签名（`known-by: {"{"} key: … {"}"}`），开放网络无法伪造签名。
    .cause = 直接信任了厂内网络中的代理。
QIAO-C155 = 发送方的密钥短于 { $bytes } 字节：可能被穷举猜出。
    .title = 发送方密钥过短
    .fix = 请为该发送方单独生成 32 字节的随机密钥，例如 `openssl rand -hex 32`。
    .cause = 把口令当作密钥使用。
QIAO-C156 = 另一个条目的命令走同一途径；它位于 { $first }。
    .title = 两个条目共用一个主题
    .fix = 请为每个条目指定各自的主题；默认由条目名称生成。
    .cause = 复制条目时连同主题一起复制了。
QIAO-C157 = 另一个条目写入同一目标；它位于 { $first }。两者中较宽的会生效，速率也会叠加。
    .title = 两个条目写同一目标
    .fix = 每个节点、方法或主题只保留一个条目；多个发送方可凭角色共用。
    .cause = 本意是为每个发送方各写一个条目。
QIAO-C158 = 该条目发布的内容会作为另一条目的命令返回：形成回路。
    .title = 命令形成回路
    .fix = 请发布到没有任何条目监听的主题。
    .cause = 两个条目本要转发命令，却写了同一主题。
QIAO-C159 = 发送方 `{ $name }` 不能下达任何命令：`writes` 中没有条目列出它的角色。
    .title = 没有命令的发送方
    .fix = 请在某个条目中写上它的角色，或删除该发送方。
    .cause = 角色名写错，或对应的条目已删除。
QIAO-C160 = 到此为止速率允许每天 { $sum } 条命令；为避免重复执行，最多保存 { $limit } 个标识。
    .title = 命令多于可保存的标识
    .fix = 请降低速率：命令用于人员和订单；持续变化的量应使用数据流。
    .cause = 把跟随信号变化的设定值写成了命令。
QIAO-C161 = `{ $value }` 在列表中，却超出 `min` 与 `max`：永远无法写入。
    .title = 列表中的值越界
    .fix = 请从 `one-of` 中去掉，或放宽界限；有列表时可不写 `min` 和 `max`。
    .cause = 收窄了界限，却没有修改列表。
QIAO-C162 = 没有名为 `{ $name }` 的数据流通向该服务器。{ $nearest ->
        [none] 通向它的有：{ $known }。
       *[other] 是否指 `{ $nearest }`？
    }
    .title = 数据流在此不展示任何内容
    .fix = 请写出所指设备的数据流：{ $known }。
    .cause = 数据流已改名，或通向另一个连接。
QIAO-C163 = { $count ->
        [0] 没有数据流通向 `{ $face }`：那里没有可写的内容。
       *[other] 有 { $count } 个数据流通向 `{ $face }`：该设备由哪一个展示？
    }
    .title = 由哪个数据流展示设备
    .fix = 请添加通向该服务器的数据流，或在多个中指明一个：`shown: {"{"} flow: …, machine: …, node: … {"}"}`。
    .cause = 条目写在数据流之前，或后来又添加了第二个数据流。
QIAO-C164 = 本网关的 OPC UA 服务器都没有用户 `{ $name }`。{ $nearest ->
        [none] 已知：{ $known }。
       *[other] 是否指 `{ $nearest }`？
    }
    .title = 发送方不是用户
    .fix = 请写出 `opcua-server` 类连接的 `users` 之一，或在那里添加该用户。
    .cause = 用户名写错，或属于设备自身的服务器。
QIAO-C165 = `{ $face }` 的用户作为发送方都没有这些角色：无人能够写入。
    .title = 没有用户可写的变量
    .fix = 请为该服务器的用户添加发送方：`known-by: {"{"} user: … {"}"}`，并赋予其中一个角色。
    .cause = 具有该角色的发送方凭密钥或代理识别；服务器的客户端只凭其用户识别。
QIAO-C166 = `{ $path }` 不是从设备到变量的路径。
    .title = 不是浏览名路径
    .fix = 从设备开始的浏览名，以 `/` 分隔，首尾不带：`Monitoring/MachineTool/FeedOverride`。
    .cause = 复制了从根开始的路径或节点标识。

# 跟在来自模板的问题之后。
finding-used-at = （模板用于 { $used-at }{ $more-uses ->
        [0] {""}
       *[other] ，另有 { $more-uses } 处使用相同
    }）

QIAO-C175 = `{ $topic }` 与他人分担消息，而{ $fault ->
        [nc-link]  NC-Link 设备有问有答：提问者会收不到应答
       *[state] 该数据流发布状态：对一台设备它只知道到达本处的那一部分
    }。
    .title = 不可共享
    .fix = 去掉 `$share/…/`，由一个网关读取这些主题的全部消息。
    .cause = 在共享订阅中，每条消息只送给组内某一个成员，不论是谁。
QIAO-C176 = `{ $topic }` 与数据流 `{ $flow }` 的 `{ $other }` 可能经同一连接送来同一条消息。
    .title = 订阅重叠
    .fix = 缩小其中一个，让两个数据流使用相同的订阅，或让其中一个使用自己的连接。
    .cause = Broker 不说明消息来自哪个订阅：两个数据流会按每个订阅各取一次。
QIAO-C177 = MQTT 3.1.1 没有共享订阅；`{ $topic }` 只适用于仍然支持它的 Broker。
    .title = MQTT 3.1.1 中的共享订阅
    .fix = 在连接处写 `version: "5"`，或确认有消息到达；mosquitto、EMQX 和 HiveMQ 在两个版本中都支持共享。
    .cause = 共享订阅始于 MQTT 5；其他 Broker 会把该过滤器当作主题，什么也不发送。
QIAO-C178 = NC-Link 消息有自己的形式：外面没有封装。
    .title = NC-Link 没有封装
    .fix = 去掉 `envelope`。
    .cause = `envelope` 用于描述其他设备和网关的 JSON。
QIAO-C179 = 主题中已有设备；封装的 `machine` 又说了一次。
    .title = 设备命名了两次
    .fix = 去掉 `machine`，或在主题中用 `+` 代替 `{"{machine}"}`。
    .cause = 数据属于谁，由主题或消息之一说明。
QIAO-C180 = `{ $key }` 用于区分记录中的值；该数据流把每条记录当作其行规的消息。
    .title = 对行规消息没有意义的键
    .fix = 去掉 `{ $key }`，或用 `decode: json` 读取记录。
    .cause = 使用 `decode: message` 和 `decode: profile` 时，一条记录就是一条完整的消息。
QIAO-C181 = `{ $profile }` 的每个条件各有一个主题；`{ $topic }` 是所有条件共用的。
    .title = 所有条件共用一个主题
    .fix = 在主题中加入 `{"{condition}"}`，或去掉 `topic`；该数据流的其他行规则需另设数据流。
    .cause = `topic` 适用于数据流的每个行规，每个状态都会覆盖其他条件的状态。
QIAO-C182 = `{"{condition}"}` 对 `{ $profile }` 的消息没有意义。
    .title = 没有条件
    .fix = 将它从 `{ $topic }` 中去掉，或用单独的数据流发布 core/condition@1.0。
    .cause = 只有条件状态才说明属于哪个条件。
