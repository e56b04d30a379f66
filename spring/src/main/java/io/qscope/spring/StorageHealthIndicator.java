package io.qscope.spring;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the storage answers, with its engine, schema and latency; down, with its reason, as soon as it does not. */
final class StorageHealthIndicator extends AbstractHealthIndicator {

    private final StorageAccess access;

    StorageHealthIndicator(StorageAccess access) {
        super("the storage does not answer");
        this.access = access;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        io.qscope.store.Health health = access.probe(access.storage()::health);
        builder.up()
                .withDetail("engine", health.engine())
                .withDetail("schemaVersion", health.schemaVersion())
                .withDetail("latency", health.latency().toMillis() + " ms");
    }
}
