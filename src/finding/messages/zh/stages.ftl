QIAO-V201 = { $machine } 在 { $profile } 中的这个字段有两个节点与之对应：{ $nodes }。该字段留空；不猜测应取哪一个。
    .title = 一个字段对应两个节点
    .fix = 缩小数据流的 `select` 范围，只留下其中一个节点；或在行规的映射中写明命名空间。
    .cause = 设备在不同命名空间中有两个路径相同的节点，或有两个部分都符合映射。
QIAO-V202 = { $machine } 没有 { $profile } 的这个必填字段所需的节点：`{ $path }` 不存在或未被选中。
    .title = 缺少必需节点
    .fix = 在服务器中补上该节点，在数据流中选中它，或改用该设备所支持的行规。
    .cause = 厂商省略了该节点，设备没有该选件，或 `select` 没有包含它。
QIAO-V203 = { $machine } 有 { $count } 个已选节点在 { $profile } 中没有对应字段，不会发布，例如 `{ $example }`。
    .title = 节点没有对应字段
    .fix = 从 `select` 中去掉它们，或为数据流添加可接收任意节点的行规 core/data-set-message@1.0。
    .cause = `select` 选中了整个分支，其中含有行规中没有的厂商自定义数值。
QIAO-V204 = { $machine } 的节点 { $node } 不能放在 { $profile } 的这个位置：该位置已被另一个字段占用或包含。
    .title = 位置已被占用
    .fix = 若两个节点的浏览路径相同，请按节点标识选择其一；否则请修正行规的映射。
    .cause = 两个节点的浏览路径相同，或一个是值而另一个在同处有成员。
QIAO-V205 = { $machine } 与 { $other } 都会叫作 { $id }。已在运行的设备继续运行，其余的被拒绝。
    .title = 两台设备标识相同
    .fix = 为每台设备单独命名：`machines: - match: 节点标识`，并写 `name: 名称`；若两台服务器的节点标识相同，再写 `connection: 连接名`。
    .cause = 两台服务器给设备取了相同的名称，多半是厂商的默认名称。
QIAO-V206 = { $machine } 与 { $other } 都会发布到 { $topic }。已在运行的设备继续运行，其余的被拒绝。
    .title = 两台设备主题相同
    .fix = 在数据流的 `topic` 中加入 `{"{machine}"}`、`{"{flow}"}` 或 `{"{profile}"}`，或在 `machines:` 下为设备取不同的名称。
    .cause = 数据流的主题中没有可区分这些设备、数据流或行规的占位符。
QIAO-V207 = 无法用 `{ $template }` 为 { $machine } 生成主题：{ $reason }。该设备被拒绝，其他设备照常运行。
    .title = 无法生成主题
    .fix = 修正数据流的 `topic`，或在 `machines:` 下为设备取一个更短的名称。
    .cause = 设备名称含有主题中不允许的字符，或整个主题过长。
QIAO-V208 = 主题 `{ $template }` 需要 { $machine } 的 { $places }，但没有给出；该层级写作 `%_`。
    .title = 位置信息未知
    .fix = 在 `machines:` 下为该设备添加 `location:`，或从主题中去掉该层级。
    .cause = 主题中含有车间或产线等位置，而设备没有给出所在位置。
QIAO-V209 = { $machine } 的 { $count } 个已选节点都不对应 { $profile } 的任何字段；该设备不发布任何内容。
    .title = 没有可发布的内容
    .fix = 检查数据流的 `each` 和 `select`，以及设备是否支持该行规；`qiao profile show 行规` 可查看其字段。
    .cause = 设备支持的是另一配套规范，或 `each` 找到的节点位于设备之上或之下。
QIAO-V210 = { $seconds } 秒后，{ $machine } 仍有 { $count } 个必填字段既无值也无状态：{ $fields }。若 Schema 允许，{ $profile } 的第一条消息将不含这些字段发出。
    .title = 第一条消息不完整
    .fix = 检查服务器是否提供这些节点：访问权限、采样以及其后的设备。
    .cause = 服务器在运行而其后的设备已关机，或用户能看到节点但无权读取。
QIAO-V211 = { $seconds } 秒后，{ $machine } 仍有 { $count } 个可选字段既无值也无状态：{ $fields }。{ $profile } 的第一条消息将不含这些字段发出。
    .title = 可选字段没有数据
    .fix = 无需处理；服务器提供后会随之发出。
    .cause = 设备有这些节点，但只在生产时才有数据。
QIAO-V212 = { $machine } 的 { $pointer } 变为坏质量（{ $status }，节点 { $node }）。{ $profile } 没有表示质量的位置：该值写为 null 或被省略。
    .title = 数值变为坏质量
    .fix = 在设备上查找原因。带质量信息的行规（如 core/data-set-message@1.0）可以传递该状态。
    .cause = 服务器后面的传感器或控制器故障，或设备已关机。
QIAO-V213 = { $machine } 的 { $pointer }（节点 { $node }）的源时间戳异常：{ $kind ->
        [missing] 缺失
        [1601] 为 1601 年或更早，时钟从未设置
        [9999] 为 9999 年
        [future] 比本机时钟超前一分钟以上
        [backwards] 早于前一个值的时间
       *[other] { $kind }
    }。时间戳原样传递。
    .title = 源时间戳异常
    .fix = 校准设备时钟，或为该连接选择 `time: server`、`arrival` 或时差；消息中会注明。
    .cause = 控制器时钟从未设置、设为本地时间，或服务器不提供源时间戳。
QIAO-V214 = 拒绝了来自先前会话的一批数据（{ $values } 个值）：这些值的归属已无从得知。
    .title = 先前会话的数据
    .fix = 无需处理；新会话会重新读取全部数据。
    .cause = 旧会话结束、新会话开始时，仍有数值在传送途中。
QIAO-V220 = { $machine } 的 { $pointer } 不符合 { $profile }（规则 { $rule }）：{ $reason } 该字段在收到新值之前被省略，并已放入隔离区；消息的其余部分照常发出。
    .title = 字段被省略
    .fix = 用 `qiao quarantine list` 和 `show` 查看数值与规则；在节点 { $node } 处修正数值。
    .cause = 某个值不符合行规：单位或比例有误、厂商自定义状态或传感器故障。
QIAO-V221 = { $machine } 的一条消息在 { $pointer } 处不符合 { $profile }（规则 { $rule }）：{ $reason } 该消息已放入隔离区。
    .title = 消息被隔离
    .fix = 用 `qiao quarantine list` 和 `show` 查看消息与规则；在源头修正数值，或选择该设备所支持的行规。
    .cause = 整条消息不符合行规，多半是因为缺少必需的成员。
QIAO-V222 = { $machine } 的 { $pointer } 不符合 { $profile }（规则 { $rule }）：{ $reason } 该值被丢弃并计数；消息的其余部分照常发出。
    .title = 字段被拒绝
    .fix = 在节点 { $node } 处修正数值。使用 `on-violation: quarantine` 可以保留它。
    .cause = 某个值不符合行规，而 `on-violation: reject` 不保留副本。
QIAO-V223 = { $machine } 的一条消息在 { $pointer } 处不符合 { $profile }（规则 { $rule }）：{ $reason } 该消息被丢弃并计数。
    .title = 消息被拒绝
    .fix = 在源头修正数值。使用 `on-violation: quarantine` 可以保留该消息。
    .cause = 整条消息不符合行规，而 `on-violation: reject` 不保留副本。
QIAO-V224 = { $machine } 的一条消息在 { $pointer } 处不符合 { $profile }（规则 { $rule }）：{ $reason } 按 `on-violation: mark` 的设置，仍予发布。
    .title = 消息带标记发布
    .fix = 在源头修正数值。使用 `on-violation: quarantine` 可避免此类消息到达读者。
    .cause = 消息不符合行规，而数据流被设置为带标记发布此类消息。
QIAO-V225 = { $machine } 的 { $pointer }（节点 { $node }）的值无法写出：{ $reason }。该值被省略；消息的其余部分照常发出。
    .title = 数值无法写出
    .fix = 从 `select` 中去掉该节点，并报告该值的数据类型。
    .cause = 该值是没有描述的结构体、嵌套过深，或超过消息长度。
QIAO-V230 = 又发生 { $count } 次：{ $text }
    .title = 同样的问题再次出现
    .fix = `qiao explain { $code }` 会说明处理方法。
    .cause = 每条消息都有同样的问题；只报告一次，之后计数。
QIAO-V231 = 该数据源另有 { $count } 条检查结果未逐条显示：同时出现的种类过多。它们均已计数。
    .title = 检查结果过多
    .fix = 先处理已显示的；数据流的计数器包含全部。
    .cause = 设备没有按行规配置，许多字段同时出错。
QIAO-V240 = 服务器上已没有这台设备。
    .title = 设备已消失
    .fix = 检查服务器的地址空间；再次发现该设备后会自动恢复。
    .cause = 设备被移除或改名，或重新下载了控制器程序。
QIAO-V241 = 网关已停止。
    .title = 网关已停止
    .fix = 重新启动网关。
    .cause = 有人停止了服务，或计算机已关机。
QIAO-V242 = { $machine } 的最新消息无法发布：它不符合 { $profile }。{ $topic } 上保留的消息已撤回，直到有合格的消息为止，以免有人把它当作当前状态。
    .title = 保留的状态已撤回
    .fix = 查看隔离区中的条目（`qiao quarantine list`）；下一条合格的消息会自动恢复状态。
    .cause = 保留主题上的消息违反了行规；旧消息会继续被当作当前状态读取。
QIAO-V243 = 这台设备的数据源在网关内发生故障，正在重新启动。
    .title = 数据源故障
    .fix = 若恢复则无需处理；否则请报告 QIAO-R001 前后的日志。
    .cause = qiao 的缺陷使读取该数据源的部分终止；详见 QIAO-R001。
QIAO-V244 = 数据源发生故障时，它有 { $values } 个值尚未进入任何消息；这些值已丢失并计数。
    .title = 值随数据源丢失
    .fix = 请报告 QIAO-R001 前后的日志；新会话会重新读取每个值。
    .cause = qiao 的缺陷使读取该数据源的部分终止，当时正在把数值组成消息。
QIAO-V260 = { $machine }：{ $pointer } 无法用 { $target } 表达：{ $reason }。
    .title = 值没有对应表达
    .fix = 若接收方不需要该值，则无需处理；否则请在 `machines:` 中为该字段指定取值，或扩充行规的映射。
    .cause = 另一标准没有表示该值的取值、位置或单位；不做任何猜测。

QIAO-V261 = { $machine }：{ $pointer } 的一个值{ $kind ->
        [missing] 没有源时间戳
        [late] 早于已发送的采样行
       *[ahead] 超出了时间网格所保留的范围
    }；该值{ $kind ->
        [late] 从尚未发送的第一行起生效
       *[other] 从到达时刻起生效
    }。
    .title = 采样值的时间与网格不符
    .fix = { $kind ->
        [missing] 请为该连接选用 `time: server` 或 `time: arrival`。
        [late] 请使发布间隔短于通道的上传间隔。
       *[ahead] 请校准机床时钟。
    }
    .cause = 服务器未提供源时间戳、该值在途时间过长，或机床时钟不准。

QIAO-V262 = { $machine }：数据源提供的内容无法填充 { $profile } 的 { $count } 个必填字段：{ $fields }。
    .title = 必填字段没有来源
    .fix = 请在表格中给出取值（`machines:` 下的 `bind`），或以 `on-violation: mark` 发布；否则报文会被拒绝。
    .cause = 数据源提供的内容少于所发布行规的要求；缺少的内容不会被编造。

QIAO-V265 = 网关与此代理的连接未经告别即中断。
    .title = 网关失联
    .fix = 查看网关是否在运行（`qiao status`），并检查网关与代理之间的网络。恢复后网关会自行重新报告在线。
    .cause = 网关或其主机发生故障，或网关与 Broker 之间的网络中断。

QIAO-V250 = { $topic } 上的一条消息无法为 { $flow } 读取：{ $reason } 它已被隔离。
    .title = 消息无法读取
    .fix = 用 `qiao quarantine list` 查看；更正发送方或数据流的 `decode`。
    .cause = 有其他类型的发送方在该主题发布，或 `decode` 与实际内容不符。
QIAO-V251 = { $topic } 上的一条消息无法为 { $flow } 读取：{ $reason } 它已被拒绝。
    .title = 消息因无法读取被拒绝
    .fix = 更正发送方或数据流的 `decode`；使用 `on-violation: quarantine` 可保留它。
    .cause = 有其他类型的发送方在该主题发布，或 `decode` 与实际内容不符。
QIAO-V252 = { $pointer } 处的数字位数超出 Double 的精度；按文本原样传递。
    .title = 数字保留为文本
    .fix = 无需处理。若不需要这些位数，请让发送方舍入。
    .cause = 发送方写出超过 17 位有效数字，或超出 64 位的整数。
QIAO-V253 = 消息在 { $member } 处没有可用的时间：{ $fault ->
        [missing] 缺少该成员
        [kind] 它不是 `format` 所要求的文本或数字
       *[form] 它的写法与 `format` 不符
    }。其值不带源时间戳，也不会虚构。
    .title = 消息缺少时间
    .fix = 更正数据流的 `time`，或让发送方给出时间。
    .cause = 发送方没有时钟、成员名不同，或以其他格式书写时间。
QIAO-V254 = { $topic } 上的消息在 { $pointer } 处违反 { $profile }：{ $reason } 它已被隔离（规则 { $rule }）。
    .title = 消息违反其配置规范
    .fix = 更正发送方；`qiao quarantine list` 显示该消息及其违反的全部规则。
    .cause = 发送方有误，或使用了该行规的其他版本。
QIAO-V255 = { $topic } 上的消息在 { $pointer } 处违反 { $profile }：{ $reason } 它已被拒绝（规则 { $rule }）。
    .title = 消息被拒绝
    .fix = 更正发送方；使用 `on-violation: quarantine` 可保留该消息。
    .cause = 发送方有误，或使用了该行规的其他版本。
QIAO-V256 = { $topic } 上的消息在 { $pointer } 处违反 { $profile }：{ $reason } 它仍被原样转发（规则 { $rule }）。
    .title = 带违规转发消息
    .fix = 更正发送方；使用 `on-violation: quarantine` 可拦下该消息。
    .cause = 发送方有误，而该数据流设置为 `on-violation: mark`。
QIAO-V257 = 它不是{ $expected ->
        [number] 按 JSON 写法的单个数字
       *[boolean] true、false、1 或 0
    }。
    .title = 不是预期的值
    .fix = 更正发送方或数据流的 `decode`。
    .cause = 发送方附带了单位，或在应为纯数值处写了文字。
QIAO-V258 = 它是空的：这表示撤回保留消息，并不说明任何值。
    .title = 空消息
    .fix = 若本应有值，请让发送方写出；否则无需处理。
    .cause = 有人清除了一条保留消息。
QIAO-V270 = 发往 NC-Link 设备 { $machine } 的请求无法读取：{ $reason }。不予应答。
    .title = NC-Link 请求无法读取
    .fix = 更正发送请求的应用系统；请求应为 JSON 对象，且不超过 256 KiB。
    .cause = 应用系统发送的不是 JSON、报文被截断，或一次请求的内容超出可读取的上限。
QIAO-V271 = 没有应用系统应答 NC-Link 设备 { $machine } 的注册。其数据照常发布；每 { $seconds } 秒重新注册一次。
    .title = 注册无人应答
    .fix = 若应用系统需要识别该设备，请将其连接到此 Broker，并在 { $topic } 上应答；否则无需处理。
    .cause = 没有 NC-Link 应用系统在线，或应用系统接收设备时不作应答。
QIAO-V272 = 应用系统拒绝 NC-Link 设备 { $machine } 的注册：{ $reason }
    .title = 注册被拒绝
    .fix = 在应用系统中按完全相同的标识录入该设备，或将设备改为那里已录入的标识（`machines:`，`name`）。
    .cause = 该应用系统只接受事先录入的设备。
QIAO-V273 = { $path } 不对应 NC-Link 设备 { $machine } 的任何数据项，或该数据项已由另一字段填写。设备模型中不包含它。
    .title = 数据项路径不可用
    .fix = 更正行规映射中该字段的 `to`。
    .cause = 映射中有两个字段使用同一路径，或路径为空、过长。
QIAO-V274 = { $machine } 的部分事件不是报警，或涉及报警的历史状态，在 { $profile } 中没有对应位置。
    .title = 无处安放的事件
    .fix = 如需要这些事件，请用单独的、不带 `publish-as` 的数据流采集；否则无需处理。
    .cause = 服务器除报警外还上报消息和历史状态；所发布的行规只列出当前激活的报警。
QIAO-V275 = { $machine } 同时激活的报警超过 { $limit } 条，超出部分不再上报。
    .title = 报警过多
    .fix = 请查明设备为何上报如此多的报警；`events` 的 `min-severity` 可略去不重要的报警。
    .cause = 设备把状态当作报警上报，或从不撤销报警。
QIAO-V280 = 通道 { $channel } 的采样数据未说明各列对应的数据项，设备模型中也没有说明；因此不予接收。
    .title = 采样数据缺少路径
    .fix = 让适配器发送 `paths`，或在答复 `Probe/Query/Request` 时给出含有该通道的模型。
    .cause = 较旧的适配器将路径留给设备模型说明。
QIAO-V281 = { $pointer } 处的时间没有补前导零，这是经典 umati 网关的写法；已按其本意读取。
    .title = 经典写法的时间
    .fix = 无需处理。较新的网关按 RFC 3339 书写时间。
    .cause = 经典 umati 网关写成 `2024-1-5T9:3:7:45Z`，最后一个数为毫秒。
QIAO-V282 = { $device } 未提供模型：{ $why ->
        [refused] 设备拒绝（{ $reason }）
        [other] 应答涉及的是另外几台设备
       *[missing] 应答中没有模型
    }。
    .title = 没有设备模型
    .fix = 更正适配器。带路径的采样数据照常接收；仅由模型提供的内容（制造商、单位）将缺失。
    .cause = 适配器代其他设备作答，或无权提供模型。
QIAO-V283 = { $device } 的 { $pointer } 以 `{ $unit }` 为单位，该单位未知；其数值不作换算。
    .title = 数据项单位未知
    .fix = 在模型中写标准所列的单位，例如 mm/min。
    .cause = 适配器以自己的方式书写单位。
QIAO-V284 = 它不是 JSON 对象。
    .title = 不是对象
    .fix = 更正发送方，或数据流的 `each: topic`。
    .cause = 该主题上传送的是另一类消息，例如列表或单个值。

QIAO-V350 = `{ $pointer }` 处本应有数据，却什么也没有。
    .title = 封装中没有数据
    .fix = 更正发送方，或数据流的 `envelope: data`。
    .cause = 该主题上传送的是另一类消息，或发送方改变了格式。
QIAO-V351 = `{ $pointer }` 处不是记录列表。
    .title = 不是记录列表
    .fix = 更正发送方，或数据流的 `envelope: records`。
    .cause = 发送方只给出一条记录，或列表用了别的名称。
QIAO-V352 = 一条记录在 `{ $member }` 处什么也没有，或不是名称。
    .title = 记录缺少必需的成员
    .fix = 更正发送方，或数据流 `envelope` 中的指针。该消息的其他记录已继续处理。
    .cause = 发送方省略了该成员，或以小数、列表或空文本作为名称。
QIAO-V353 = `{ $pointer }` 处不是包含数据的{ $form ->
        [base64]  Base64
       *[text] 文本
    }。
    .title = 数据写法与预期不同
    .fix = 更正发送方，或数据流的 `envelope: written-as`。
    .cause = 有的发送方把数据封装为 JSON 值，有的封装为文本，有的封装为 Base64。
QIAO-V354 = { $machine } 同时需保留的条件超过 { $limit } 个；其余的没有主题。
    .title = 条件过多
    .fix = 用 `events: types` 或 `min-severity` 减少数量，或查明服务器为何保留这么多；core/event 会上报全部。
    .cause = 服务器为每次发生都建立一个条件，或无人确认。
