//! Changes become messages: machines, their images, layouts, cadences. Pure.
