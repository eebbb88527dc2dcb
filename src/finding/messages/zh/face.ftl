# 网关自己的 OPC UA 服务器（face）：监听、客户端、用户。位置是连接的名称。

QIAO-F001 = { $address } 已被其他程序占用，客户端无法在此访问网关。将继续重试。
    .title = 自有服务器的地址被占用
    .fix = 停止另一个程序，或在 `listen` 处改用其他端口。
    .cause = 本机上还运行着第二个网关或其他 OPC UA 服务器；它们都喜欢用 4840 端口。
QIAO-F002 = 网关自己的 OPC UA 服务器无法在 { $address } 监听：{ $reason }。将继续重试。
    .title = 自有服务器无法监听
    .fix = 在 `listen` 处填写本机的地址，或用 `0.0.0.0` 表示全部地址；1024 以下的端口需要专门的权限。
    .cause = 该地址属于另一台计算机，或网络尚未就绪。
QIAO-F003 = 网关自己的 OPC UA 服务器的密钥对无法使用：{ $reason }。将继续重试。
    .title = 自有服务器的密钥对不可用
    .fix = 将数据目录中 `pki/server` 下的文件交还给运行网关的用户，或用 `qiao cert renew --face` 生成新的密钥对。
    .cause = 文件由其他用户复制、只恢复了一部分，或磁盘已满。
QIAO-F004 = 网关自己的 OPC UA 服务器无法启动：{ $reason }。将继续重试。
    .title = 自有服务器无法启动
    .fix = 将日志交给维护网关的人；网关的其余部分继续运行。
    .cause = 没有可用的线程或描述符，或者是网关自身的错误。
QIAO-F005 = 来自 { $from } 的客户端的证书未知，未被允许进入。指纹（SHA-256）{ $fingerprint }，主体 { $subject }，有效期 { $since } 至 { $until }。如果允许它进入：{ $command }
    .title = 客户端证书不受信任
    .fix = 将指纹与客户端自己显示的比对，然后运行该命令。客户端下次尝试时即可进入，无需重启。
    .cause = 客户端第一次访问，或换了新证书。试探大门的人看起来也是这样。
QIAO-F006 = 来自 { $from } 的客户端的证书不被接受：{ $fault ->
        [time] 已过期或尚未生效
        [uri] 其中的应用 URI 不是恰好一个
        [key] 密钥不是 2048 至 4096 位的 RSA
        [usage] 不是为客户端签发的
        [weak] 签名方法可被伪造
        [revoked] 已被吊销
        [no-list] 没有其证书机构的有效吊销列表
        [issuer] 没有受信任的签发者
        [issuer-time] 某个签发者的证书已过期或尚未生效
        [issuer-usage] 某个签发者无权签发证书
        [forged] 证书链中的签名不是签发者的
       *[invalid] 违反证书规则
    }。主体 { $subject }，签发者 { $issuer }，指纹 { $fingerprint }。
    .title = 客户端证书不被接受
    .fix = 请为客户端签发新证书。缺少列表或签发者时：`qiao cert trust 文件 --as crl --face`，或 `--as issuer`。
    .cause = 证书是手工制作的、从未更新，或属于另一类程序。
QIAO-F007 = 来自 { $from } 的客户端发来的不是证书：{ $reason }。
    .title = 不是证书
    .fix = 查看该地址上运行的是什么：正常的 OPC UA 客户端不会这样做。
    .cause = 客户端有缺陷，或有人在试探什么会出错。
QIAO-F008 = 来自 { $from } 的连接被切断：{ $why ->
        [order] 报文的顺序不符合协议
        [malformed] 发来的不是 OPC UA
        [too-large] 报文过大
        [too-many-chunks] 报文分成的块过多
        [budget] 在身份未知时发送得过多
        [policy] 要求的安全策略未提供
        [sealed] 发来的内容不是为本网关加密的
        [not-secured] 在没有安全措施时要求的不只是查看端点
        [too-many-renewals] 不停地更新通道
       *[late] 开始的内容没有及时结束
    }。
    .title = 客户端的连接被切断
    .fix = 若是自己的客户端：请使用 Basic256Sha256、Aes128Sha256RsaOaep 或 Aes256Sha256RsaPss 以及 sign-and-encrypt，并减少一次请求的数量。否则请查看该地址上运行的是什么。
    .cause = 没有安全措施的客户端、端口扫描器、有缺陷的客户端，或有人在试探什么会出错。
QIAO-F009 = 来自 { $from } 的连接未被接受：{ $why ->
        [door] 门口的陌生连接过多
        [address] 该地址未登录的连接过多
        [clients] 已连接的客户端达到上限
        [client] 该客户端的连接已达单个客户端的上限
       *[fast] 该客户端打开连接过快
    }。
    .title = 没有客户端的位置
    .fix = 用 `qiao status` 查看谁已连接；`max-sessions` 可允许更多客户端。循环打开连接的客户端必须修正。
    .cause = 客户端打开后从不关闭、端口扫描器，或客户端数量超出了上限的设想。
QIAO-F010 = 在网关自己的 OPC UA 服务器上，`{ $user }` 的用户名或密码错误。之后每次尝试的回答会更慢。
    .title = 登录被拒绝
    .fix = 更正客户端中或此处 `users` 下的用户名和密码。若连续出现多次：有人在猜密码。
    .cause = 一侧的密码被更改，或有人在尝试密码。
QIAO-F011 = 无法读取 NodeSet 文件 { $file }：{ $reason }。自有服务器在没有它的情况下启动。
    .title = NodeSet 文件无法读取
    .fix = 请从发布者处重新获取该文件；它必须是 XML 格式的 NodeSet2 文件。
    .cause = 文件被截断、被手工修改，或属于另一种类型。
QIAO-F012 = NodeSet 文件 { $file } 需要模型 `{ $model }`，而没有其他文件提供它。自有服务器在没有它的情况下启动。
    .title = NodeSet 缺少所需的模型
    .fix = 将该模型的文件加入 `node-sets`；顺序无关紧要。
    .cause = 伴随规范相互依赖；其中一个被遗漏了。
