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
        marked(self.delivery(values), |properties| properties.is_back_filled = true)
    }

    /// The same, with a value that this gateway wrote.
    pub(super) fn echo(delivery: Delivery) -> Delivery {
        marked(delivery, |properties| properties.is_echo = true)
    }

    /// The same, with values that may have been published before.
    pub(super) fn repeated(delivery: Delivery) -> Delivery {
        marked(delivery, |properties| properties.is_repeated = true)
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

/// The delivery with a mark of its own on what it carries beside the payload.
fn marked(delivery: Delivery, mark: impl FnOnce(&mut MessageProperties)) -> Delivery {
    let properties = delivery.properties.map(|properties| {
        let mut properties = properties.as_ref().clone();
        mark(&mut properties);
        Arc::new(properties)
    });
    Delivery { properties, ..delivery }
}
