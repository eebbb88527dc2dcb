//! Where a message goes: topic templates, stream, retain. Pure.
