//! Where one item of a session stands.

use crate::model::discovery::ItemMode;
use std::time::Duration;

/// Where one item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Read once a session and on model change, not monitored.
    ReadOnce,
    /// To be created.
    Wanted { attempts: u32 },
    /// The server agreed; nothing has come yet. `was_missed`: it had been refused, or its node had gone.
    Created { place: Place, was_missed: bool },
    /// It has reported.
    Reporting(Place),
    /// It reported that its node is not there any more.
    Missing(Place),
    /// The server refused; tried again at that time.
    Refused { attempts: u32, again: Duration, status: u32 },
    /// Not found any more when the server was browsed again, at that time. Its slot stays its own for a while: values
    /// that are still on their way must not be taken for another item's. `is_missed`: it reported that its node had gone
    /// before the server said that its model changed; it is looked for.
    Gone { since: Duration, is_missed: bool },
}

/// Where the server keeps an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub subscription: u32,
    /// The server's id of the monitored item, unique in its subscription.
    pub id: u32,
}

impl Item {
    /// Where an item stands that was just found.
    #[must_use]
    pub fn begin(mode: ItemMode) -> Self {
        match mode {
            ItemMode::Monitored | ItemMode::Events => Self::Wanted { attempts: 0 },
            ItemMode::ReadOnce => Self::ReadOnce,
        }
    }

    /// Where one stands that was missed and has been found again.
    #[must_use]
    pub fn again(mode: ItemMode) -> Self {
        match mode {
            ItemMode::Monitored | ItemMode::Events => Self::Wanted { attempts: 1 },
            ItemMode::ReadOnce => Self::ReadOnce,
        }
    }

    /// Where the server keeps it, if it does.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Created { place, .. } | Self::Reporting(place) | Self::Missing(place) => Some(*place),
            _ => None,
        }
    }

    /// The subscription that it is in.
    #[must_use]
    pub fn subscription(&self) -> Option<u32> {
        self.place().map(|place| place.subscription)
    }
}
