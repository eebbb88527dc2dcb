//! Where one machine's messages leave.

use crate::model::delivery::{MessageProperties, TopicKind};
use crate::model::{Delivery, TopicName};
use std::sync::Arc;

/// Flow, sink and topic of a machine's messages.
#[derive(Clone, Debug)]
pub(super) struct Outlet {
    /// Index of the flow in the plan.
    pub(super) flow: u16,
    /// Index of the sink's connection in the plan, and its quality of service.
    pub(super) sink: u16,
    pub(super) qos: u8,
    pub(super) kind: TopicKind,
    pub(super) topic: Arc<TopicName>,
    pub(super) properties: Arc<MessageProperties>,
}

impl Outlet {
    /// As [`Self::delivery`], with values that are past.
    pub(super) fn past(&self, values: u32) -> Delivery {
        let properties = MessageProperties { is_back_filled: true, ..self.properties.as_ref().clone() };
        Delivery { properties: Some(Arc::new(properties)), ..self.delivery(values) }
    }

    /// The same, with values that may have been published before.
    pub(super) fn repeated(delivery: Delivery) -> Delivery {
        let marked = |properties: Arc<MessageProperties>| {
            Arc::new(MessageProperties { is_repeated: true, ..properties.as_ref().clone() })
        };
        Delivery { properties: delivery.properties.map(marked), ..delivery }
    }

    /// A message that holds so many source values; its payload is still to be set.
    pub(super) fn delivery(&self, values: u32) -> Delivery {
        Delivery {
            flow: self.flow,
            sink: self.sink,
            topic: Arc::clone(&self.topic),
            kind: self.kind,
            qos: self.qos,
            properties: Some(Arc::clone(&self.properties)),
            payload: 0..0,
            values,
        }
    }
}
