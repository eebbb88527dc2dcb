//! Attributes and values in calls the server allows.
// full read of items: one Batch (or several of bounded size), pending None
pub async fn read_items(session: &Session, limits: &ServerLimits, found: &mut Found, which: impl Fn(&FoundItem) -> bool, received: Timestamp, batch: &mut Batch) -> Result<(), Error>;
