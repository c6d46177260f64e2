-- What must run once among any number of replicas: whoever holds the lease runs it.
create table lease (
    name text primary key,
    holder uuid not null,
    expire_time timestamptz not null
);

grant select, insert, update, delete on lease to caseload_app;
