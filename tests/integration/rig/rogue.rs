//! An OPC UA server that does what a test tells it to, byte by byte where need be: without security, one session, one
//! subscription, every node an Int32.

use opcua::core::{Message, RequestMessage, ResponseMessage};
use opcua::types::{
    ActivateSessionResponse, ApplicationDescription, BinaryDecodable, BinaryEncodable, BrowseDescription,
    BrowseDirection, BrowseResponse, BrowseResult, ByteString, CallMethodResult, CallResponse, ChannelSecurityToken,
    CloseSessionResponse, ContextOwned, CreateMonitoredItemsResponse, CreateSessionResponse,
    CreateSubscriptionResponse, DataChangeNotification, DataValue, DateTime, DeleteSubscriptionsResponse,
    EndpointDescription, ExtensionObject, GetEndpointsResponse, Identifier, MessageSecurityMode,
    ModifySubscriptionResponse, MonitoredItemCreateRequest, MonitoredItemCreateResult, MonitoredItemNotification,
    NodeClass, NodeId, NotificationMessage, ObjectId, OpenSecureChannelResponse, PublishResponse, QualifiedName,
    ReadResponse, ReadValueId, ReferenceDescription, RepublishResponse, ResponseHeader, ServiceFault, StatusCode,
    TransferResult, TransferSubscriptionsResponse, UAString, UserTokenPolicy, UserTokenType, Variant,
};
use std::collections::VecDeque;
use std::io::{Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard};

pub const URI: &str = "urn:qiao:test:rogue";
const NONE: &str = "http://opcfoundation.org/UA/SecurityPolicy#None";
const CHUNK: usize = 65_535;

/// What a rule does with a request.
pub enum Answer {
    /// Its own message, or a fault.
    Message(Box<ResponseMessage>),
    /// Its own message, once the test says so.
    Later(Box<ResponseMessage>, Receiver<()>),
    /// These bytes as the body: type id, header and all.
    Bytes(Vec<u8>),
    /// These bytes where chunks should be.
    Raw(Vec<u8>),
}

/// Looks at a request before the server does.
pub type Rule = Box<dyn FnMut(&RequestMessage) -> Option<Answer> + Send>;

/// A server under a test's command.
pub struct Rogue {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    rule: Option<Rule>,
    /// Names of all requests so far.
    asked: Vec<&'static str>,
    publishes: VecDeque<Waiting>,
    subscriptions: u32,
    acknowledged: Vec<u32>,
    items: Vec<u32>,
    /// Client handles of the items for events, when it takes any.
    event_items: Option<Vec<u32>>,
    /// Numbers that it keeps of every subscription that it hands over; `None`: it hands none over.
    available: Option<Vec<u32>>,
    /// Queue size of its items, and how often it publishes before a silent client's subscription ends.
    grants: Option<(u32, u32)>,
    /// `ServerStatus.State`.
    server_state: i32,
    /// Publishing intervals after which it sends a keep-alive; what was asked for if none.
    keep_alive: Option<u32>,
    /// Seconds by which its clock is ahead.
    skew: i64,
    /// The session comes with other endpoints than those it told before.
    is_tampered_with: bool,
    is_over: bool,
}

struct Waiting {
    line: Arc<Mutex<Line>>,
    request: u32,
    handle: u32,
}

/// One connection's way out.
struct Line {
    stream: TcpStream,
    sequence: u32,
}

impl Rogue {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if locked(&shared).is_over {
                    return;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &shared, port));
            }
        });
        Self { port, state }
    }

    pub fn endpoint(&self) -> String {
        format!("opc.tcp://127.0.0.1:{}", self.port)
    }

    /// It takes items for events of the Server object.
    pub fn take_events(&self) {
        locked(&self.state).event_items = Some(Vec::new());
    }

    /// Client handles of the items for events.
    pub fn event_items(&self) -> Vec<u32> {
        locked(&self.state).event_items.clone().unwrap_or_default()
    }

    /// From now on this looks at every request first.
    pub fn rule(&self, rule: impl FnMut(&RequestMessage) -> Option<Answer> + Send + 'static) {
        locked(&self.state).rule = Some(Box::new(rule));
    }

    /// It hands subscriptions over, of which it keeps these numbers.
    pub fn hand_over(&self, available: &[u32]) {
        locked(&self.state).available = Some(available.to_vec());
    }

    /// It grants a queue of this size and this lifetime count, whatever is asked for.
    pub fn grant(&self, queue: u32, lifetime: u32) {
        locked(&self.state).grants = Some((queue, lifetime));
    }

    /// What it says of its state.
    pub fn server_state(&self, number: i32) {
        locked(&self.state).server_state = number;
    }

    /// Its clock is so many seconds ahead.
    pub fn skew(&self, seconds: i64) {
        locked(&self.state).skew = seconds;
    }

    /// It grants this keep-alive count, whatever is asked for.
    pub fn keep_alive(&self, count: u32) {
        locked(&self.state).keep_alive = Some(count);
    }

    /// Somebody on the way changed the endpoints before there was a session.
    pub fn tamper(&self) {
        locked(&self.state).is_tampered_with = true;
    }

    /// How often a service was asked for.
    pub fn asked(&self, name: &str) -> usize {
        locked(&self.state).asked.iter().filter(|asked| **asked == name).count()
    }

    /// Sequence numbers that were acknowledged, in order.
    pub fn acknowledged(&self) -> Vec<u32> {
        locked(&self.state).acknowledged.clone()
    }

    /// Answers the oldest Publish request that waits with a value for each item; `None` is a keep-alive.
    #[track_caller]
    pub fn notify(&self, sequence: u32, value: Option<i32>) {
        let (subscription, items) = {
            let state = locked(&self.state);
            (state.subscriptions, state.items.clone())
        };
        self.publish(PublishResponse {
            subscription_id: subscription,
            notification_message: notification(sequence, value, &items),
            ..PublishResponse::default()
        });
    }

    /// Answers a Publish request, if one waits, with a value for one client handle alone; whether one did.
    pub fn notify_one(&self, handle: u32, sequence: u32, value: i32) -> bool {
        if locked(&self.state).publishes.is_empty() {
            return false;
        }
        self.publish(PublishResponse {
            subscription_id: self.subscription(),
            notification_message: notification(sequence, Some(value), &[handle]),
            ..PublishResponse::default()
        });
        true
    }

    /// Answers the oldest Publish request that waits.
    #[track_caller]
    pub fn publish(&self, mut answer: PublishResponse) {
        let waiting = super::wait_for("a Publish request", || locked(&self.state).publishes.pop_front());
        answer.response_header = header(waiting.handle);
        send(&waiting.line, b"MSG", waiting.request, &encode(&answer.into()));
    }

    /// Answers the oldest Publish request that waits with these bytes.
    #[track_caller]
    pub fn publish_bytes(&self, body: &[u8]) {
        let waiting = super::wait_for("a Publish request", || locked(&self.state).publishes.pop_front());
        send(&waiting.line, b"MSG", waiting.request, body);
    }

    /// A notification as [`Self::notify`] sends it, for a Republish.
    pub fn notification(&self, sequence: u32, value: i32) -> NotificationMessage {
        notification(sequence, Some(value), &locked(&self.state).items.clone())
    }

    /// A notification whose values have this status.
    pub fn notification_with(&self, sequence: u32, value: i32, status: StatusCode) -> NotificationMessage {
        let value = DataValue { status: Some(status), ..DataValue::from(value) };
        notification_of(sequence, Some(value), &locked(&self.state).items.clone())
    }

    /// Client handles of the items it was asked for.
    pub fn items(&self) -> Vec<u32> {
        locked(&self.state).items.clone()
    }

    /// The subscription that was created last.
    pub fn subscription(&self) -> u32 {
        locked(&self.state).subscriptions
    }
}

impl Drop for Rogue {
    fn drop(&mut self) {
        locked(&self.state).is_over = true;
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A response header for a request's handle.
pub fn header(handle: u32) -> ResponseHeader {
    ResponseHeader { timestamp: DateTime::now(), request_handle: handle, ..ResponseHeader::default() }
}

/// A service fault with this status.
pub fn fault(request: &RequestMessage, status: StatusCode) -> Answer {
    let mut response_header = header(request.request_handle());
    response_header.service_result = status;
    Answer::Message(Box::new(ServiceFault { response_header }.into()))
}

/// A Republish answer.
pub fn republished(request: &RequestMessage, notification_message: NotificationMessage) -> Answer {
    let response_header = header(request.request_handle());
    Answer::Message(Box::new(RepublishResponse { response_header, notification_message }.into()))
}

fn notification(sequence_number: u32, value: Option<i32>, items: &[u32]) -> NotificationMessage {
    notification_of(sequence_number, value.map(DataValue::from), items)
}

fn notification_of(sequence_number: u32, value: Option<DataValue>, items: &[u32]) -> NotificationMessage {
    let changed = |value: DataValue| DataChangeNotification {
        monitored_items: Some(
            items
                .iter()
                .map(|handle| MonitoredItemNotification { client_handle: *handle, value: value.clone() })
                .collect(),
        ),
        diagnostic_infos: None,
    };
    NotificationMessage {
        sequence_number,
        publish_time: DateTime::now(),
        notification_data: value.map(|value| vec![ExtensionObject::from_message(changed(value))]),
    }
}

/// The bytes of a response: type id and structure.
pub fn encode(message: &ResponseMessage) -> Vec<u8> {
    let context = ContextOwned::default();
    let mut bytes = message.type_id().encode_to_vec(&context.context());
    bytes.extend(message.encode_to_vec(&context.context()));
    bytes
}

/// The type id of a response and its header up to the diagnostics, for bodies that are broken on purpose.
pub fn begin(object: ObjectId) -> Vec<u8> {
    let mut bytes = NodeId::from(object).encode_to_vec(&ContextOwned::default().context());
    bytes.extend([0; 8 + 4 + 4]);
    bytes
}

fn send(line: &Mutex<Line>, kind: &[u8; 3], request: u32, body: &[u8]) {
    let mut line = line.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let security: Vec<u8> = if kind == b"OPN" {
        let mut bytes = (NONE.len() as u32).to_le_bytes().to_vec();
        bytes.extend(NONE.as_bytes());
        bytes.extend([0xFF; 8]);
        bytes
    } else {
        1_u32.to_le_bytes().to_vec()
    };
    let room = CHUNK - 8 - 4 - security.len() - 8;
    let count = body.chunks(room).count().max(1);
    for (number, part) in body.chunks(room).enumerate() {
        line.sequence += 1;
        let mut bytes = kind.to_vec();
        bytes.push(if number + 1 == count { b'F' } else { b'C' });
        bytes.extend(((8 + 4 + security.len() + 8 + part.len()) as u32).to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(&security);
        bytes.extend(line.sequence.to_le_bytes());
        bytes.extend(request.to_le_bytes());
        bytes.extend(part);
        // The client may have gone.
        let _ = line.stream.write_all(&bytes);
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, port: u16) {
    let line = Arc::new(Mutex::new(Line { stream: stream.try_clone().expect("a socket"), sequence: 0 }));
    let mut head = [0; 8];
    while stream.read_exact(&mut head).is_ok() {
        let size = u32::from_le_bytes(head[4..].try_into().expect("four bytes")) as usize;
        let mut rest = vec![0; size - 8];
        if stream.read_exact(&mut rest).is_err() {
            return;
        }
        match &head[..3] {
            b"HEL" => {
                let mut bytes = b"ACKF".to_vec();
                for number in [28, 0, CHUNK as u32, CHUNK as u32, 0, 0] {
                    bytes.extend(number.to_le_bytes());
                }
                let _ = stream.write_all(&bytes);
            }
            b"OPN" => open(&line, &rest),
            b"MSG" => {
                let request = u32::from_le_bytes(rest[12..16].try_into().expect("four bytes"));
                answer(&line, request, &rest[16..], state, port);
            }
            _ => return,
        }
    }
}

fn open(line: &Mutex<Line>, rest: &[u8]) {
    let block = |at: usize| {
        let length = i32::from_le_bytes(rest[at..at + 4].try_into().expect("four bytes"));
        at + 4 + usize::try_from(length).unwrap_or(0)
    };
    // Channel id, policy, certificate, thumbprint, sequence number.
    let at = block(block(block(4))) + 4;
    let request = u32::from_le_bytes(rest[at..at + 4].try_into().expect("four bytes"));
    let response = OpenSecureChannelResponse {
        response_header: header(0),
        server_protocol_version: 0,
        security_token: ChannelSecurityToken {
            channel_id: 1,
            token_id: 1,
            created_at: DateTime::now(),
            revised_lifetime: 3_600_000,
        },
        server_nonce: ByteString::null(),
    };
    send(line, b"OPN", request, &encode(&response.into()));
}

fn answer(line: &Arc<Mutex<Line>>, request: u32, body: &[u8], state: &Mutex<State>, port: u16) {
    let context = ContextOwned::default();
    let mut stream = Cursor::new(body);
    let id = NodeId::decode(&mut stream, &context.context()).expect("a type id");
    let id = id.as_object_id().expect("a request of namespace 0");
    let message = RequestMessage::decode_by_object_id(&mut stream, id, &context.context()).expect("a request");
    let mut state = locked(state);
    state.asked.push(message.type_name());
    if let RequestMessage::Publish(publish) = &message {
        let acknowledged = publish.subscription_acknowledgements.iter().flatten().map(|one| one.sequence_number);
        let acknowledged: Vec<u32> = acknowledged.collect();
        state.acknowledged.extend(acknowledged);
    }
    if matches!(message, RequestMessage::ActivateSession(_)) {
        // What waited on the channel before this one is gone with it.
        state.publishes.clear();
    }
    let mut rule = state.rule.take();
    let ruled = rule.as_mut().and_then(|rule| rule(&message));
    if state.rule.is_none() {
        state.rule = rule;
    }
    match ruled {
        Some(Answer::Message(answer)) => return send(line, b"MSG", request, &encode(&answer)),
        Some(Answer::Later(answer, told)) => {
            let line = Arc::clone(line);
            // It ends when the test does, at the latest.
            let _ = std::thread::spawn(move || {
                if told.recv().is_ok() {
                    send(&line, b"MSG", request, &encode(&answer));
                }
            });
            return;
        }
        Some(Answer::Bytes(body)) => return send(line, b"MSG", request, &body),
        // The client may have gone.
        Some(Answer::Raw(bytes)) => return drop(line.lock().map(|mut line| line.stream.write_all(&bytes))),
        None => {}
    }
    if matches!(message, RequestMessage::Publish(_)) {
        let handle = message.request_handle();
        state.publishes.push_back(Waiting { line: Arc::clone(line), request, handle });
        return;
    }
    let answer = usual(&message, &mut state, port);
    drop(state);
    send(line, b"MSG", request, &encode(&answer));
}

/// What an honest server answers.
fn usual(message: &RequestMessage, state: &mut State, port: u16) -> ResponseMessage {
    let response_header = header(message.request_handle());
    match message {
        RequestMessage::GetEndpoints(_) => {
            GetEndpointsResponse { response_header, endpoints: Some(vec![endpoint(port)]) }.into()
        }
        RequestMessage::CreateSession(_) => {
            let mut endpoint = endpoint(port);
            if state.is_tampered_with {
                endpoint.security_mode = MessageSecurityMode::SignAndEncrypt;
            }
            let timestamp = DateTime::from(response_header.timestamp.ticks() + state.skew * 10_000_000);
            CreateSessionResponse {
                response_header: ResponseHeader { timestamp, ..response_header },
                session_id: NodeId::new(1, 1),
                authentication_token: NodeId::new(1, 2),
                revised_session_timeout: 60_000.0,
                server_endpoints: Some(vec![endpoint]),
                ..CreateSessionResponse::default()
            }
            .into()
        }
        RequestMessage::ActivateSession(_) => {
            ActivateSessionResponse { response_header, ..ActivateSessionResponse::default() }.into()
        }
        RequestMessage::CloseSession(_) => CloseSessionResponse { response_header }.into(),
        RequestMessage::TransferSubscriptions(asked) if state.available.is_some() => {
            let answer =
                TransferResult { status_code: StatusCode::Good, available_sequence_numbers: state.available.clone() };
            let results = Some(vec![answer; asked.subscription_ids.iter().flatten().count()]);
            TransferSubscriptionsResponse { response_header, results, diagnostic_infos: None }.into()
        }
        RequestMessage::Read(read) => {
            let results = read.nodes_to_read.iter().flatten().map(|question| value_of(question, state)).collect();
            ReadResponse { response_header, results: Some(results), diagnostic_infos: None }.into()
        }
        RequestMessage::Browse(browse) => {
            let results = Some(browse.nodes_to_browse.iter().flatten().map(children).collect());
            BrowseResponse { response_header, results, diagnostic_infos: None }.into()
        }
        RequestMessage::CreateSubscription(asked) => {
            state.subscriptions += 1;
            state.items.clear();
            state.event_items.iter_mut().for_each(Vec::clear);
            CreateSubscriptionResponse {
                response_header,
                subscription_id: state.subscriptions,
                revised_publishing_interval: asked.requested_publishing_interval,
                revised_lifetime_count: state.grants.map_or(asked.requested_lifetime_count, |(_, lifetime)| lifetime),
                revised_max_keep_alive_count: state.keep_alive.unwrap_or(asked.requested_max_keep_alive_count),
            }
            .into()
        }
        RequestMessage::ModifySubscription(_) => {
            ModifySubscriptionResponse { response_header, ..ModifySubscriptionResponse::default() }.into()
        }
        RequestMessage::DeleteSubscriptions(_) => {
            let results = Some(vec![StatusCode::Good]);
            DeleteSubscriptionsResponse { response_header, results, diagnostic_infos: None }.into()
        }
        RequestMessage::CreateMonitoredItems(asked) => {
            let results = asked.items_to_create.iter().flatten().map(|item| monitored(item, state)).collect();
            CreateMonitoredItemsResponse { response_header, results: Some(results), diagnostic_infos: None }.into()
        }
        RequestMessage::Call(_) => {
            let results = Some(vec![CallMethodResult::default()]);
            CallResponse { response_header, results, diagnostic_infos: None }.into()
        }
        other => {
            let mut response_header = header(other.request_handle());
            response_header.service_result = StatusCode::BadServiceUnsupported;
            ServiceFault { response_header }.into()
        }
    }
}

/// It monitors every variable, and events when it was told so.
fn monitored(item: &MonitoredItemCreateRequest, state: &mut State) -> MonitoredItemCreateResult {
    const EVENT_NOTIFIER: u32 = 12;
    let handle = item.requested_parameters.client_handle;
    if item.item_to_monitor.attribute_id != EVENT_NOTIFIER {
        state.items.push(handle);
    } else if let Some(items) = &mut state.event_items {
        items.push(handle);
    } else {
        let status_code = StatusCode::BadAttributeIdInvalid;
        return MonitoredItemCreateResult { status_code, ..MonitoredItemCreateResult::default() };
    }
    MonitoredItemCreateResult {
        monitored_item_id: handle + 1_000,
        revised_sampling_interval: 0.0,
        revised_queue_size: state.grants.map_or(10_000, |(queue, _)| queue),
        ..MonitoredItemCreateResult::default()
    }
}

fn endpoint(port: u16) -> EndpointDescription {
    EndpointDescription {
        endpoint_url: format!("opc.tcp://127.0.0.1:{port}").as_str().into(),
        server: ApplicationDescription { application_uri: URI.into(), ..ApplicationDescription::default() },
        security_mode: MessageSecurityMode::None,
        security_policy_uri: NONE.into(),
        user_identity_tokens: Some(vec![UserTokenPolicy {
            policy_id: "anonymous".into(),
            token_type: UserTokenType::Anonymous,
            ..UserTokenPolicy::default()
        }]),
        ..EndpointDescription::default()
    }
}

/// Two variables lie below the Objects folder, A and B.
fn children(asked: &BrowseDescription) -> BrowseResult {
    let objects = NodeId::new(0, 85_u32);
    let reference = |node_id: NodeId, name: (u16, &str), node_class, type_definition: u32| ReferenceDescription {
        reference_type_id: NodeId::new(0, 47_u32),
        is_forward: asked.browse_direction != BrowseDirection::Inverse,
        node_id: node_id.into(),
        browse_name: QualifiedName::new(name.0, name.1),
        node_class,
        type_definition: NodeId::new(0, type_definition).into(),
        ..ReferenceDescription::default()
    };
    let variable = |name| reference(NodeId::new(1, name), (1, name), NodeClass::Variable, 63);
    let found = match asked.browse_direction {
        BrowseDirection::Forward if asked.node_id == objects && asked.node_class_mask & 2 != 0 => {
            vec![variable("A"), variable("B")]
        }
        BrowseDirection::Inverse if asked.node_id.namespace == 1 => {
            vec![reference(objects, (0, "Objects"), NodeClass::Object, 61)]
        }
        _ => return BrowseResult::default(),
    };
    BrowseResult { references: Some(found), ..BrowseResult::default() }
}

fn value_of(question: &ReadValueId, state: &State) -> DataValue {
    const STATE: u32 = 2259;
    if question.node_id == NodeId::new(0, STATE) {
        return Variant::Int32(state.server_state).into();
    }
    value(question)
}

/// Attributes of every node there is: an Int32 variable, called by its text or V.
pub fn value(question: &ReadValueId) -> DataValue {
    const NAMESPACE_ARRAY: u32 = 2255;
    let is = |number: u32| question.node_id == NodeId::new(0, number);
    match question.attribute_id {
        2 => Variant::Int32(2).into(),
        3 => match &question.node_id.identifier {
            Identifier::String(name) => Variant::from(QualifiedName::new(1, name.clone())).into(),
            _ => Variant::from(QualifiedName::new(1, "V")).into(),
        },
        14 => Variant::from(NodeId::new(0, 6_u32)).into(),
        15 => Variant::Int32(-1).into(),
        13 if is(NAMESPACE_ARRAY) => {
            Variant::from(vec![UAString::from("http://opcfoundation.org/UA/"), UAString::from(URI)]).into()
        }
        13 if question.node_id.namespace == 1 => Variant::Int32(0).into(),
        _ => DataValue { status: Some(StatusCode::BadNodeIdUnknown), ..DataValue::null() },
    }
}
