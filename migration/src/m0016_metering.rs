//! Metering: evaluations by the month, which outlive their environments; when flags were evaluated last, by version; what
//! attributes are called; how many streams each node has.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0016_metering",
    up: &[
        // To delete what is kept no longer.
        "CREATE INDEX usage_hour_by_hour ON usage_hour (hour)",
        "CREATE TABLE usage_month (
            org_id ID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
            month BIGINT NOT NULL,
            served BIGINT NOT NULL CHECK (served >= 0),
            reported BIGINT NOT NULL CHECK (reported >= 0),
            PRIMARY KEY (org_id, month)
        )",
        // What was counted before is rolled up: the start of the month (UTC) that each hour is in, by days since March of
        // the year 0 in eras of 400 years, as `Millis::month` has it.
        "INSERT INTO usage_month (org_id, month, served, reported)
            SELECT org_id, (day - (doy - (153 * ((5 * doy + 2) / 153) + 2) / 5)) * 86400000, SUM(count), 0
            FROM (SELECT org_id, count, day, doe - (365 * yoe + yoe / 4 - yoe / 100) AS doy
                FROM (SELECT org_id, count, day, doe, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 AS yoe
                    FROM (SELECT org_id, count, hour / 86400000 AS day, (hour / 86400000 + 719468) % 146097 AS doe
                        FROM usage_hour) AS days) AS years) AS months
            GROUP BY 1, 2",
        "CREATE TABLE flag_use (
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            flag SORTED NOT NULL,
            -- 0 where it is not known.
            version BIGINT NOT NULL CHECK (version >= 0),
            evaluated_at BIGINT NOT NULL,
            PRIMARY KEY (environment_id, flag, version),
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE TABLE context_attribute (
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            name SORTED NOT NULL,
            -- Whether a server said it, and not a browser alone, which anybody can be.
            trusted BOOLEAN NOT NULL,
            seen_on BIGINT NOT NULL,
            PRIMARY KEY (environment_id, name),
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE TABLE stream_count (
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            -- A name that a process has given itself.
            node TEXT NOT NULL,
            streams BIGINT NOT NULL CHECK (streams > 0),
            counted_at BIGINT NOT NULL,
            PRIMARY KEY (environment_id, node),
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
    ],
    down: &[
        "DROP TABLE stream_count",
        "DROP TABLE context_attribute",
        "DROP TABLE flag_use",
        "DROP TABLE usage_month",
        "DROP INDEX usage_hour_by_hour",
    ],
};
