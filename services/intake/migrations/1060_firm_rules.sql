-- What a firm asks of the handling of its work.
alter table firms
    -- Where its documents must be kept; empty: anywhere.
    add data_residency text not null default '' check (data_residency ~ '^([A-Z0-9-]{2,8})?$'),
    -- Whether only a lawyer of the firm may accept deliveries.
    add attorney_acceptance_required boolean not null default false;
