//! One value of a machine, with its exact type.

use crate::model::tree::Node;
use crate::model::{BuiltInType, Scalar};

/// One value: a scalar, and the arena that its spans point into.
#[derive(Clone, Debug)]
pub struct Value {
    pub scalar: Scalar,
    pub arena: Vec<u8>,
}
