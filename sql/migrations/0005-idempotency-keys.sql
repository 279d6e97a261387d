-- What was answered to requests that carried an Idempotency-Key, so that a repeated one changes nothing again.

CREATE TABLE public.idempotency_keys (
    scope        text,
    key_hash     bytea,
    request_hash bytea NOT NULL,
    answer       json NOT NULL,
    expires_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key_hash)
);

CREATE INDEX idempotency_keys_by_expiry ON public.idempotency_keys (expires_at);

COMMENT ON TABLE public.idempotency_keys IS
    'Idempotency-Keys of the last day and what was answered, written in the transaction of the change itself.';
COMMENT ON COLUMN public.idempotency_keys.scope IS 'Whose key it is: two callers may use the same one.';
COMMENT ON COLUMN public.idempotency_keys.key_hash IS
    'The SHA-256 of the key: to a caller without a user the key is what proves that the answer is theirs.';
COMMENT ON COLUMN public.idempotency_keys.answer IS
    'The row that the change returned, as an array. The HTTP answer is made from it anew, so no booking''s token is stored.';
