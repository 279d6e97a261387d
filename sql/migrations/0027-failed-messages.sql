-- So that failed messages are counted without reading all that were sent.
CREATE INDEX outbox_failed ON public.outbox (channel, id) WHERE state = 'failed';
