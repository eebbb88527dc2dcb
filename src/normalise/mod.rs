//! What a value means: time by the connection's choice, scale, unit, quality. Pure.
