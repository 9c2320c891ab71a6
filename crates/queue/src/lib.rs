//! Jobs on disk: states, leases, outbox, stores.
