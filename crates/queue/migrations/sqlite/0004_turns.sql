-- Whose turn it is at what one server at a time does.
CREATE TABLE turns (
    task        TEXT PRIMARY KEY,
    holder      TEXT NOT NULL,
    until       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
