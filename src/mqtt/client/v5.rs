//! MQTT 5 through `rumqttc-v5-next`.

use super::resumed::Resumed;
use super::{
    Answer, BATCH, Driver, Events, Limits, LinkEvent, Options, QUEUE, RECEIVE_MAXIMUM, Role, SESSION_EXPIRY, Sender,
    WINDOW, collision, keep_alive, once,
};
use crate::model::delivery;
use crate::mqtt::message::{Incoming, Message, ReplyTo};
use crate::mqtt::trouble::{Farewell, LinkError, Refusal, from_io};
use crate::mqtt::wire::Wire;
use rumqttc as mqtt;

pub(super) fn open(options: &Options<'_>, wire: Wire) -> Result<(Sender, Driver), LinkError> {
    let plan = options.connection;
    let mut mqtt = mqtt::MqttOptions::new(&plan.client_id, mqtt::Broker::tcp(&plan.host, plan.port));
    let wire = once(wire);
    mqtt.set_socket_connector(move |_, _| std::future::ready(wire()))
        .set_keep_alive(keep_alive(plan))
        .set_clean_start(true)
        .set_connect_timeout(options.patience)
        .set_max_packet_size(Some(plan.max_packet))
        .set_max_request_batch(BATCH)
        .set_outgoing_inflight_upper_limit(WINDOW as u16);
    if let Role::Subscriber { keeps_session } = options.role {
        mqtt.set_ack_mode(mqtt::AckMode::Manual);
        mqtt.set_receive_maximum(Some(RECEIVE_MAXIMUM));
        if keeps_session {
            // The client object is new, the session at the broker need not be: what it holds is what we are owed.
            mqtt.set_clean_start(false);
            mqtt.set_session_expiry_interval(Some(SESSION_EXPIRY));
            mqtt.set_session_store(Resumed::new(&plan.client_id, SESSION_EXPIRY, WINDOW as u16));
        }
    }
    if let Some((user, password)) = &plan.user {
        mqtt.set_credentials(user.clone(), password.reveal().to_owned());
    }
    if let Some(will) = &options.will {
        let payload = will.payload.to_vec();
        mqtt.set_last_will(mqtt::LastWill::new(will.topic.as_str(), payload, qos(will.qos), will.is_retained, None));
    }
    let (client, events) = mqtt::AsyncClient::builder(mqtt)
        .capacity(QUEUE)
        .try_build()
        .map_err(|error| LinkError::Lost(error.to_string()))?;
    let driver = Driver { events: Events::V5(Box::new(events)), max_packet: plan.max_packet, fault: None };
    Ok((Sender::V5(client), driver))
}

pub(super) fn publish(client: &mqtt::AsyncClient, message: &Message) -> Result<(), LinkError> {
    let mut options = mqtt::PublishOptions::new(qos(message.qos)).retain(message.is_retained);
    if let Some(properties) = properties(message) {
        options = options.properties(properties);
    }
    let payload: &[u8] = &message.payload;
    client.try_publish(message.topic.as_str(), payload, options).map_err(|error| brief(&error))
}

pub(super) fn subscribe(client: &mqtt::AsyncClient, filters: &[String], level: u8) -> Result<(), LinkError> {
    let filters = filters.iter().map(|filter| mqtt::SubscribeFilter::new(filter.clone(), qos(level)));
    client.try_subscribe_many(filters).map_err(|error| brief(&error))
}

/// Retain Handling 1 (MQTT 5.0 §3.8.3.1): what is retained comes only where there was no subscription.
pub(super) fn subscribe_again(client: &mqtt::AsyncClient, filters: &[String], level: u8) -> Result<(), LinkError> {
    let again = |filter: &String| {
        let filter = mqtt::SubscribeFilter::new(filter.clone(), qos(level));
        mqtt::SubscribeFilter { retain_forward_rule: mqtt::RetainForwardRule::OnNewSubscribe, ..filter }
    };
    match client.try_subscribe_many(filters.iter().map(again)) {
        // It has enough to do; the next time will tell.
        Ok(()) | Err(mqtt::ClientError::RequestChannelFull(_)) => Ok(()),
        Err(error) => Err(brief(&error)),
    }
}

/// Nothing that is retained comes (Retain Handling 2), what is published as retained says so, and nothing of our own comes
/// (No Local; MQTT 5.0 §3.8.3.1).
pub(super) fn subscribe_to_commands(
    client: &mqtt::AsyncClient,
    filters: &[String],
    level: u8,
) -> Result<(), LinkError> {
    let filters = filters.iter().map(|filter| mqtt::SubscribeFilter {
        nolocal: true,
        preserve_retain: true,
        retain_forward_rule: mqtt::RetainForwardRule::Never,
        ..mqtt::SubscribeFilter::new(filter.clone(), qos(level))
    });
    client.try_subscribe_many(filters).map_err(|error| brief(&error))
}

pub(super) fn acknowledge(
    client: &mqtt::AsyncClient,
    packet: u16,
    refusal: Option<delivery::Refusal>,
) -> Result<bool, LinkError> {
    let mut ack = mqtt::PubAck::new(packet, None);
    ack.reason = match refusal {
        None => mqtt::PubAckReason::Success,
        Some(delivery::Refusal::Unreadable) => mqtt::PubAckReason::PayloadFormatInvalid,
        Some(delivery::Refusal::Invalid) => mqtt::PubAckReason::ImplementationSpecificError,
    };
    match client.try_manual_ack(mqtt::ManualAck::PubAck(ack)) {
        Ok(()) => Ok(true),
        Err(mqtt::ClientError::RequestChannelFull(_)) => Ok(false),
        Err(error) => Err(brief(&error)),
    }
}

fn qos(level: u8) -> mqtt::QoS {
    match level {
        0 => mqtt::QoS::AtMostOnce,
        1 => mqtt::QoS::AtLeastOnce,
        _ => mqtt::QoS::ExactlyOnce,
    }
}

fn properties(message: &Message) -> Option<mqtt::PublishProperties> {
    let carried = message.properties.as_ref();
    let users = message.user_properties();
    if carried.is_none() && users.is_empty() && message.talk.is_none() {
        return None;
    }
    let talk = message.talk.as_deref().cloned().unwrap_or_default();
    Some(mqtt::PublishProperties {
        payload_format_indicator: (carried.is_some() && message.is_text()).then_some(1),
        content_type: carried.map(|carried| carried.content_type.clone()),
        response_topic: talk.response_topic,
        correlation_data: talk.correlation.map(Into::into),
        message_expiry_interval: talk.expiry,
        user_properties: users.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        ..mqtt::PublishProperties::default()
    })
}

/// The error without the message it carries.
fn brief(error: &mqtt::ClientError) -> LinkError {
    LinkError::Lost(match error {
        mqtt::ClientError::RequestChannelFull(_) => "the client's queue is full".into(),
        _ => "the client takes no message".into(),
    })
}

pub(super) fn event(event: mqtt::Event, max_packet: u32) -> Result<LinkEvent, LinkError> {
    use mqtt::{Event, Outgoing, Packet};
    Ok(match event {
        Event::Incoming(Packet::ConnAck(connack)) => {
            let told = connack.properties.as_ref();
            LinkEvent::Connected(Limits {
                receive_maximum: told.and_then(|told| told.receive_max).map_or(WINDOW, usize::from).clamp(1, WINDOW),
                packet: u64::from(told.and_then(|told| told.max_packet_size).unwrap_or(u32::MAX).min(max_packet)),
                qos: told.and_then(|told| told.max_qos).unwrap_or(1).min(1),
                keeps_retained: told.and_then(|told| told.retain_available) != Some(0),
                has_session: connack.session_present,
            })
        }
        Event::Incoming(Packet::PubAck(ack)) => {
            LinkEvent::Acknowledged { packet: ack.pkid, answer: answer(ack.reason) }
        }
        Event::Incoming(Packet::Publish(publish)) => {
            let carried = publish.properties.unwrap_or_default();
            let (topic, correlation) = (carried.response_topic, carried.correlation_data.map(|data| data.to_vec()));
            let is_asking = topic.is_some() || correlation.is_some();
            let reply = is_asking.then(|| Box::new(ReplyTo { topic, correlation }));
            LinkEvent::Received(Incoming {
                topic: publish.topic.to_vec(),
                qos: publish.qos as u8,
                packet: publish.pkid,
                is_retained: publish.retain,
                is_repeated: publish.dup,
                content_type: carried.content_type,
                user_properties: carried.user_properties,
                reply,
                payload: publish.payload.to_vec(),
            })
        }
        Event::Incoming(Packet::SubAck(ack)) => {
            LinkEvent::Subscribed(ack.return_codes.into_iter().map(subscribe_refusal).collect())
        }
        Event::Outgoing(Outgoing::Publish(packet)) => LinkEvent::Sent(packet),
        Event::Outgoing(Outgoing::PubAck(_)) => LinkEvent::Answered,
        Event::Outgoing(Outgoing::Disconnect) => LinkEvent::Disconnected,
        Event::Outgoing(Outgoing::AwaitAck(_)) => return Err(collision()),
        _ => LinkEvent::Other,
    })
}

/// MQTT 5.0 §3.9.3.
fn subscribe_refusal(code: mqtt::SubscribeReasonCode) -> Option<&'static str> {
    use mqtt::SubscribeReasonCode as Code;
    match code {
        Code::Success(_) => None,
        Code::Failure | Code::Unspecified => Some("unspecified error (0x80)"),
        Code::ImplementationSpecific => Some("implementation specific error (0x83)"),
        Code::NotAuthorized => Some("not authorised (0x87)"),
        Code::TopicFilterInvalid => Some("topic filter invalid (0x8F)"),
        Code::PkidInUse => Some("packet identifier in use (0x91)"),
        Code::QuotaExceeded => Some("quota exceeded (0x97)"),
        Code::SharedSubscriptionsNotSupported => Some("shared subscriptions not supported (0x9E)"),
        Code::SubscriptionIdNotSupported => Some("subscription identifiers not supported (0xA1)"),
        Code::WildcardSubscriptionsNotSupported => Some("wildcard subscriptions not supported (0xA2)"),
    }
}

fn answer(reason: mqtt::PubAckReason) -> Answer {
    use mqtt::PubAckReason as Reason;
    match reason {
        Reason::Success | Reason::NoMatchingSubscribers => Answer::Taken,
        Reason::NotAuthorized => Answer::Never("not authorised (0x87)"),
        Reason::TopicNameInvalid => Answer::Never("topic name invalid (0x90)"),
        Reason::PayloadFormatInvalid => Answer::Never("payload format invalid (0x99)"),
        Reason::QuotaExceeded => Answer::Later,
        Reason::UnspecifiedError => Answer::Unclear("unspecified error (0x80)"),
        Reason::ImplementationSpecificError => Answer::Unclear("implementation specific error (0x83)"),
        Reason::PacketIdentifierInUse => Answer::Unclear("packet identifier in use (0x91)"),
    }
}

pub(super) fn error(error: mqtt::ConnectionError) -> LinkError {
    use mqtt::{ConnectionError as Error, StateError};
    match error {
        Error::Timeout(_) => LinkError::NoAnswer,
        Error::Io(error) => from_io(&error),
        Error::ConnectionRefused(code) | Error::MqttState(StateError::ConnFail { reason: code }) => {
            LinkError::Refused(refusal(code))
        }
        Error::MqttState(StateError::Io(error) | StateError::Deserialization(mqtt::Error::Io(error))) => {
            from_io(&error)
        }
        // A return code of 3.1.1 (§3.2.2.3 there): the broker knows no other version.
        Error::MqttState(StateError::Deserialization(mqtt::Error::InvalidConnectReturnCode(1))) => {
            LinkError::Refused(Refusal::Version)
        }
        Error::MqttState(
            StateError::IncomingPacketTooLarge { .. }
            | StateError::Deserialization(
                mqtt::Error::PayloadSizeLimitExceeded { .. }
                | mqtt::Error::ProtocolViolation(mqtt::DisconnectReasonCode::PacketTooLarge),
            ),
        ) => LinkError::TooLarge,
        Error::MqttState(StateError::ConnectionAborted) => LinkError::Closed,
        Error::MqttState(StateError::AwaitPingResp) => LinkError::NoPong,
        Error::MqttState(StateError::ServerDisconnect { reason_code, reason_string }) => {
            LinkError::Disconnected(farewell(reason_code, reason_string))
        }
        other => LinkError::Protocol(other.to_string()),
    }
}

fn farewell(code: mqtt::DisconnectReasonCode, text: Option<String>) -> Farewell {
    use mqtt::DisconnectReasonCode as Code;
    let blames_packet = matches!(
        code,
        Code::UnspecifiedError
            | Code::MalformedPacket
            | Code::ProtocolError
            | Code::ImplementationSpecificError
            | Code::NotAuthorized
            | Code::TopicNameInvalid
            | Code::PacketTooLarge
            | Code::PayloadFormatInvalid
    );
    let name = format!("{code:?} (0x{:02X})", code as u8);
    let reason = text.map_or(name.clone(), |text| format!("{name}: {text}"));
    Farewell { reason, is_taken_over: code == Code::SessionTakenOver, blames_packet }
}

fn refusal(code: mqtt::ConnectReturnCode) -> Refusal {
    use mqtt::ConnectReturnCode as Code;
    match code {
        Code::BadUserNamePassword => Refusal::Credentials,
        Code::NotAuthorized => Refusal::NotAuthorised,
        Code::BadClientId | Code::ClientIdentifierNotValid => Refusal::ClientId,
        Code::ServiceUnavailable | Code::ServerUnavailable | Code::ServerBusy => Refusal::Unavailable,
        Code::RefusedProtocolVersion | Code::UnsupportedProtocolVersion => Refusal::Version,
        Code::RetainNotSupported => Refusal::Retain,
        Code::QoSNotSupported => Refusal::Qos,
        Code::Banned => Refusal::Other("banned (0x8A)"),
        Code::BadAuthenticationMethod => Refusal::Other("bad authentication method (0x8C)"),
        Code::TopicNameInvalid => Refusal::Other("topic name of the last will invalid (0x90)"),
        Code::PacketTooLarge => Refusal::Other("packet too large (0x95)"),
        Code::QuotaExceeded => Refusal::Other("quota exceeded (0x97)"),
        Code::PayloadFormatInvalid => Refusal::Other("payload format of the last will invalid (0x99)"),
        Code::UseAnotherServer => Refusal::Other("use another server (0x9C)"),
        Code::ServerMoved => Refusal::Other("server moved (0x9D)"),
        Code::ConnectionRateExceeded => Refusal::Other("connection rate exceeded (0x9F)"),
        Code::MalformedPacket => Refusal::Other("malformed packet (0x81)"),
        Code::ProtocolError => Refusal::Other("protocol error (0x82)"),
        Code::ImplementationSpecificError => Refusal::Other("implementation specific error (0x83)"),
        Code::UnspecifiedError | Code::Success => Refusal::Other("unspecified error (0x80)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::plan::MqttVersion;
    use crate::mqtt::message::examples;

    #[test]
    fn the_size_we_check_is_the_size_the_client_writes() {
        for message in examples() {
            let payload = message.payload.to_vec();
            let mut written =
                mqtt::Publish::new(message.topic.as_str(), qos(message.qos), payload, properties(&message));
            written.pkid = u16::from(message.qos);
            assert_eq!(message.wire_size(MqttVersion::V5), written.size() as u64, "{} bytes", message.payload.len());
        }
    }
}
