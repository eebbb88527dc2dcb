# 模拟器与演示。
QIAO-D001 = 该地址已被其他程序占用，改用一个空闲端口。
    .title = 模拟器地址被占用
    .fix = 请停止占用该地址的程序，或用 --listen 指定其他端口。
    .cause = 本机上已有另一个模拟器或 OPC UA 服务器在运行。
QIAO-D002 = 模拟器无法在此监听：{ $error }。
    .title = 模拟器无法监听
    .fix = 请用 --listen 指定本机的地址和大于 1023 的端口。
    .cause = 地址属于其他计算机，或该端口只有管理员可以使用。
QIAO-D003 = { $value } 超出上限，最多为 { $limit }。
    .title = 机床或变量过多
    .fix = 请启动多个模拟器，各用自己的端口和 --folder。
    .cause = 模拟器在内存中建立每台设备和每个变量，因此数量有限。
QIAO-D004 = 该文件夹无法使用：{ $error }。
    .title = 模拟器文件夹无法使用
    .fix = 请选择有写权限的文件夹，或修改该文件夹的权限。
    .cause = 文件夹属于其他用户、其实是文件，或位于已满或只读的磁盘上。
QIAO-D005 = 无法为模拟器生成证书：{ $reason }。
    .title = 模拟器没有证书
    .fix = 请删除模拟器的文件夹后重新启动。
    .cause = 文件夹中有先前运行留下的损坏证书，或无法写入。
QIAO-D006 = 模拟器的 OPC UA 服务器未能启动：{ $reason }。
    .title = 模拟器未能启动
    .fix = 请加上 --log debug 重新启动，并查看上一行日志。
    .cause = 模拟器文件夹或网络的某些条件不满足服务器的要求。
QIAO-D007 = 指定用户时需要密码，但环境变量 QIAO_SIMULATOR_PASSWORD 未设置。
    .title = 用户没有密码
    .fix = 请设置 QIAO_SIMULATOR_PASSWORD，或去掉 --user。
    .cause = 指定了 `--user`；密码不从命令行读取，以免被他人看到。
simulate-started = 模拟机床 { $machines } 位于 { $url }
simulate-load = 另有 { $variables } 个普通变量，每个每秒变化 { $rate } 次。
simulate-device = 模拟的 NC-Link 设备 { $device } 已接入代理 { $broker }：已注册，每秒发送采样，并应答请求。
simulate-device-set = 向 Set/Request/{ $device } 发送如下消息即可设置其进给倍率（0～150）：{"{"}"@id":"1","values":[{"{"}"id":"010305","params":{"{"}"value":80{"}"}{"}"}]{"}"}
simulate-browse = 可用任意 OPC UA 客户端浏览，例如：uals -u { $url } -p "0:Objects,3:Machines"
simulate-certificate = 加密端点：Basic256Sha256 和 Aes256Sha256RsaPss；证书位于 { $folder }/own。
simulate-mistakes = 启动 20 秒后，以及此后每分钟，会故意出现一个错误值。
simulate-stop = 按 Ctrl-C 结束。
simulate-stopped = 已停止。
QIAO-D010 = 网页端口已被其他程序占用，改用一个空闲端口。
    .title = 网页端口被占用
    .fix = 请停止占用该端口的程序，或修改演示用 qiao.yaml 中的 gateway.http。
    .cause = 本机上已有另一个网关、演示或 Web 服务器在运行。
QIAO-D011 = 内置 Broker 的端口已被其他程序占用，改用一个空闲端口。
    .title = Broker 端口被占用
    .fix = 请停止占用该端口的程序，或修改演示用 qiao.yaml 中 mqtt: embedded: 后的端口。
    .cause = 本机上已有 mosquitto 之类的 Broker 或另一个演示在运行。
demo-started = qiao 演示：一台模拟机床，数据经校验后发布到 MQTT
demo-machine = { "  " }机床      { $url }   （可用任意 OPC UA 客户端浏览：uals -u { $url } -p "0:Objects,3:Machines"）
demo-broker = { "  " }订阅      mosquitto_sub -h { $host } -p { $port } -t '#' -v
demo-line = { "  " }产线        { $url }   （代理上的 NC-Link 设备，在 Objects/Machines 下显示为 umati 机床）
demo-command = { "  " }命令        qiao writes send feed-override 80 -c { $config }   （80 会执行，200 会被拒绝；演示会自动执行两者）
demo-commanded = 命令 { $name } = { $value }：{ $outcome }
demo-page = { "  " }网页      { $url }   （另有 { $url }metrics 和 { $url }status）
demo-files = { "  " }文件      { $config }   （可修改后重新启动，不会被覆盖）
demo-quarantine = { "  " }隔离      qiao quarantine list -c { $config }   （20 秒后及此后每分钟会故意出现一个错误值）
demo-stop = { "  " }结束      Ctrl-C
demo-stopping = 正在停止……
demo-stopped = 已停止，所有端口均已释放。
demo-own-server = 配置中的服务器不在本机，因此不启动模拟机床。
demo-config-head =
    演示用的配置。只生成一次；可任意修改，然后在同一文件夹中重新运行 qiao demo。
    检查：qiao check -c qiao-demo/qiao.yaml。不用演示、直接运行：qiao run -c qiao-demo/qiao.yaml。
demo-config-http = 供人查看的网页在 /，同样内容的 JSON 在 /status，供 Prometheus 抓取的在 /metrics。
demo-config-machine =
    机床：一台 OPC UA 服务器。演示程序在此地址启动一台模拟机床。
    填入真实机床的地址后便不再模拟。此处不加密只因数据不离开本机；
    连接真实机床请用 security: sign-and-encrypt，然后执行 qiao cert trust。
demo-config-broker =
    消息的去向：内置 Broker。使用自己的 Broker 时改为：
    mqtt: { "{" } broker: "mqtts://broker.example:8883" { "}" }
demo-config-state =
    每秒一条描述整台机床的消息，格式符合 umati 看板的要求，并按其 Schema 校验。
    未通过校验的消息进入隔离区。
demo-config-process = 单个数值，随变化即时发布，各带类型、质量和时间。
live-item-state = 状态
live-operation-mode = 工作模式
live-program = 程序
live-program-state = 程序状态
live-feed = 进给
live-spindle = 主轴
live-rotating = 旋转
live-parts = 工件
live-online = 在线
live-offline = 离线
live-connected = 已连接
live-connecting = 连接中
live-lost = 已断开
live-refused = 被拒绝
live-yes = 是
live-no = 否
live-more = …… 还有 { $count } 台机床
live-values = { $count } 值/秒
live-messages = { $count } 条消息/秒
live-good = 合格 { $count }
live-quarantined = 隔离 { $count }
live-last = 最近
demo-config-face =
    网关自己的 OPC UA 服务器：数据流送来的内容在那里成为可浏览的设备。不加密只因为数据不离开
    本机，而且只能读取。
demo-config-line =
    反方向：代理上模拟的 NC-Link 机床在该服务器上显示为 umati 机床。
demo-config-writes =
    允许下达哪些命令、在什么界限内；除此之外一律不可。可以试试：
    qiao writes send feed-override 80     和     qiao writes send feed-override 200
demo-config-senders =
    谁可以下达命令：这里是能在内置代理上发布的人，而它只有本机能访问。在工厂里请给每个发送方
    单独的密钥。
demo-config-given =
    产线机床自身没有提供、而 umati 机床必须提供的内容。
