//! Who sends a command, and how that is known.

use super::command::{Command, Origin};
use super::refusal::Refusal;
use crate::config::plan::{Proof, Secret, Sender, WritePlan};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The sender, proven and with a role of the entry.
pub(super) fn prove<'s>(
    senders: &'s [Sender],
    entry: &WritePlan,
    command: &Command,
    origin: &Origin,
) -> Result<&'s Sender, Refusal> {
    let unknown = |name: &str| Refusal::UnknownSender { name: name.to_owned() };
    let sender = match origin {
        Origin::Face { user: None, .. } => return Err(unknown("")),
        Origin::Face { user: Some(user), .. } => {
            let is_user = |sender: &&Sender| matches!(&sender.proof, Proof::FaceUser { user: own } if own == user);
            pick(senders.iter().filter(is_user), entry).ok_or_else(|| unknown(user))?
        }
        Origin::Topic { connection, .. } | Origin::NcLink { connection, .. } => match &command.sender {
            Some(name) => {
                let sender = senders.iter().find(|sender| sender.name == *name).ok_or_else(|| unknown(name))?;
                match &sender.proof {
                    Proof::Key(key) => signed(sender, key, command)?,
                    Proof::WhoeverMayPublish { connection: own } if own == connection => {}
                    Proof::WhoeverMayPublish { .. } | Proof::FaceUser { .. } => return Err(unknown(name)),
                }
                sender
            }
            None => {
                let is_any = |sender: &&Sender| matches!(&sender.proof, Proof::WhoeverMayPublish { connection: own } if own == connection);
                pick(senders.iter().filter(is_any), entry).ok_or_else(|| unknown(""))?
            }
        },
    };
    if has_role(sender, entry) {
        return Ok(sender);
    }
    Err(Refusal::WrongRole { name: sender.name.clone(), roles: entry.roles.join(", ") })
}

/// Of those that it could be, one with a role of the entry, else the first.
fn pick<'s>(senders: impl Iterator<Item = &'s Sender> + Clone, entry: &WritePlan) -> Option<&'s Sender> {
    senders.clone().find(|sender| has_role(sender, entry)).or_else(|| senders.clone().next())
}

fn has_role(sender: &Sender, entry: &WritePlan) -> bool {
    sender.roles.iter().any(|role| entry.roles.contains(role))
}

/// In constant time (RFC 2104, FIPS 198-1).
fn signed(sender: &Sender, key: &Secret, command: &Command) -> Result<(), Refusal> {
    let name = || sender.name.clone();
    let Some(mac) = &command.mac else { return Err(Refusal::NotSigned { name: name() }) };
    let wrong = || Refusal::WrongCode { name: name() };
    let mut expected = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).map_err(|_| wrong())?;
    expected.update(&command.signed);
    expected.verify_slice(mac).map_err(|_| wrong())
}
