//! MQTT 3.1.1 through `rumqttc-v4-next`.

use super::{
    Answer, BATCH, Driver, Events, Limits, LinkEvent, Options, QUEUE, Role, Sender, WINDOW, collision, keep_alive, once,
};
use crate::mqtt::message::{Incoming, Message};
use crate::mqtt::trouble::{LinkError, Refusal, from_io};
use crate::mqtt::wire::Wire;
use rumqttc_v4 as mqtt;

pub(super) fn open(options: &Options<'_>, wire: Wire) -> Result<(Sender, Driver), LinkError> {
    let plan = options.connection;
    let mut mqtt = mqtt::MqttOptions::new(&plan.client_id, mqtt::Broker::tcp(&plan.host, plan.port));
    let wire = once(wire);
    let max_packet = plan.max_packet as usize;
    mqtt.set_socket_connector(move |_, _| std::future::ready(wire()))
        .set_keep_alive(keep_alive(plan))
        .set_clean_session(true)
        .set_max_packet_size(max_packet, max_packet)
        .set_max_request_batch(BATCH)
        .set_inflight(WINDOW as u16);
    if let Role::Subscriber { keeps_session } = options.role {
        mqtt.set_ack_mode(mqtt::AckMode::Manual).set_clean_session(!keeps_session);
    }
    if let Some((user, password)) = &plan.user {
        mqtt.set_credentials(user.clone(), password.reveal().to_owned());
    }
    if let Some(will) = &options.will {
        mqtt.set_last_will(mqtt::LastWill::new(
            will.topic.as_str(),
            will.payload.to_vec(),
            qos(will.qos),
            will.is_retained,
        ));
    }
    let (client, mut events) = mqtt::AsyncClient::builder(mqtt)
        .capacity(QUEUE)
        .try_build()
        .map_err(|error| LinkError::Lost(error.to_string()))?;
    let mut network = mqtt::NetworkOptions::new();
    // Seconds; it bounds each flush too.
    network.set_connection_timeout(options.patience.as_secs().max(1));
    events.set_network_options(network);
    let driver = Driver { events: Events::V311(Box::new(events)), max_packet: plan.max_packet, fault: None };
    Ok((Sender::V311(client), driver))
}

pub(super) fn publish(client: &mqtt::AsyncClient, message: &Message) -> Result<(), LinkError> {
    let options = mqtt::PublishOptions::new(qos(message.qos)).retain(message.is_retained);
    let payload: &[u8] = &message.payload;
    client.try_publish(message.topic.as_str(), payload, options).map_err(|error| brief(&error))
}

pub(super) fn subscribe(client: &mqtt::AsyncClient, filters: &[String], level: u8) -> Result<(), LinkError> {
    let filters = filters.iter().map(|filter| mqtt::SubscribeFilter::new(filter.clone(), qos(level)));
    client.try_subscribe_many(filters).map_err(|error| brief(&error))
}

pub(super) fn acknowledge(client: &mqtt::AsyncClient, packet: u16) -> Result<bool, LinkError> {
    match client.try_manual_ack(mqtt::ManualAck::PubAck(mqtt::PubAck::new(packet))) {
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
        Event::Incoming(Packet::ConnAck(connack)) => LinkEvent::Connected(Limits {
            receive_maximum: WINDOW,
            packet: u64::from(max_packet),
            qos: 1,
            keeps_retained: true,
            has_session: connack.session_present,
        }),
        Event::Incoming(Packet::PubAck(ack)) => LinkEvent::Acknowledged { packet: ack.pkid, answer: Answer::Taken },
        Event::Incoming(Packet::Publish(publish)) => LinkEvent::Received(Incoming {
            topic: publish.topic.to_vec(),
            qos: publish.qos as u8,
            packet: publish.pkid,
            is_retained: publish.retain,
            is_repeated: publish.dup,
            content_type: None,
            user_properties: Vec::new(),
            reply: None,
            payload: publish.payload.to_vec(),
        }),
        Event::Incoming(Packet::SubAck(ack)) => LinkEvent::Subscribed(
            ack.return_codes
                .into_iter()
                .map(|code| matches!(code, mqtt::SubscribeReasonCode::Failure).then_some("failure (0x80)"))
                .collect(),
        ),
        Event::Outgoing(Outgoing::Publish(packet)) => LinkEvent::Sent(packet),
        Event::Outgoing(Outgoing::PubAck(_)) => LinkEvent::Answered,
        Event::Outgoing(Outgoing::Disconnect) => LinkEvent::Disconnected,
        Event::Outgoing(Outgoing::AwaitAck(_)) => return Err(collision()),
        _ => LinkEvent::Other,
    })
}

pub(super) fn error(error: mqtt::ConnectionError) -> LinkError {
    use mqtt::{ConnectionError as Error, StateError};
    match error {
        Error::NetworkTimeout => LinkError::NoAnswer,
        Error::FlushTimeout => LinkError::NoPong,
        Error::Io(error) => from_io(&error),
        Error::ConnectionRefused(code) => LinkError::Refused(refusal(code)),
        Error::MqttState(StateError::Io(error) | StateError::Deserialization(mqtt::Error::Io(error))) => {
            from_io(&error)
        }
        Error::MqttState(StateError::Deserialization(mqtt::Error::PayloadSizeLimitExceeded(_))) => LinkError::TooLarge,
        Error::MqttState(StateError::ConnectionAborted) => LinkError::Closed,
        Error::MqttState(StateError::AwaitPingResp) => LinkError::NoPong,
        other => LinkError::Protocol(other.to_string()),
    }
}

fn refusal(code: mqtt::ConnectReturnCode) -> Refusal {
    use mqtt::ConnectReturnCode as Code;
    match code {
        Code::BadUserNamePassword => Refusal::Credentials,
        Code::NotAuthorized => Refusal::NotAuthorised,
        Code::BadClientId => Refusal::ClientId,
        Code::ServiceUnavailable => Refusal::Unavailable,
        Code::RefusedProtocolVersion => Refusal::Version,
        Code::Success => Refusal::Other("unspecified error"),
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
            let mut written = mqtt::Publish::new(message.topic.as_str(), qos(message.qos), message.payload.to_vec());
            written.pkid = u16::from(message.qos);
            assert_eq!(message.wire_size(MqttVersion::V311), written.size() as u64, "{} bytes", message.payload.len());
        }
    }
}
