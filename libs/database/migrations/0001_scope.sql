-- Whose rows a transaction may see. Every unit of work says it first, with
--   select set_config('app.firm_id', …, true), set_config('app.paralegal_id', …, true)
-- where app.firm_id is a firm's id, '*' for every firm or '' for none, and app.paralegal_id is a paralegal's id or ''.
-- current_setting is called in its strict form: where nothing was ever set it fails, and after a connection was
-- used before the value is '', which is no firm. Either way, nothing is shown.
-- The functions are plain SQL without a search_path of their own, so that the planner can inline them.

-- A row that belongs to no firm (null) is seen by those alone who see every firm.
create function app_sees_firm(firm uuid) returns boolean
    language sql stable parallel safe
    return pg_catalog.current_setting('app.firm_id') in ('*', firm::text);

comment on function app_sees_firm(uuid) is
    'Whether the transaction''s scope takes in this firm. For policies: using (app_sees_firm(firm_id)).';

create function app_paralegal() returns uuid
    language sql stable parallel safe
    return nullif(pg_catalog.current_setting('app.paralegal_id'), '')::uuid;

comment on function app_paralegal() is
    'The paralegal whose scope the transaction has, or null. For policies: paralegal_id = app_paralegal().';

-- What only ever grows (the audit log, the event log) is written in every scope, but a firm's transaction can write
-- of its own firm alone.
create function app_records_for_firm(firm uuid) returns boolean
    language sql stable parallel safe
    return pg_catalog.current_setting('app.firm_id') in ('*', '', firm::text)
        and (pg_catalog.current_setting('app.firm_id') <> '' or app_paralegal() is not null);

comment on function app_records_for_firm(uuid) is
    'Whether the transaction may append a record about this firm. For insert policies of append-only tables.';
