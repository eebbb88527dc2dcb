//! What the tree itself must satisfy.

mod architecture;
mod profiles;
