package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the append-only audit log. It is written once, so {@link #version()} is always 1, and {@link #updatedAt()}
 * and {@link #updatedBy()} are what {@code created…} says.
 *
 * @param id see {@link Row#id()}
 * @param eventType what happened
 * @param subject what it happened to, in the words of whoever wrote the entry
 * @param clientId the client concerned; no foreign key, since evidence outlives its subject
 * @param userId the user concerned; no foreign key
 * @param rayId the request that caused it
 * @param metadata a small JSON object; never a secret
 * @param createdAt when it happened
 * @param createdBy who wrote it
 * @param chain the chain that the entry belongs to; given by a storage that was opened with an audit key, ignored on write
 * @param sequence its number in the chain; given by the store
 * @param previousHash what links it to the entries before; given by the store
 * @param hash what proves it; given by the store
 */
@RowBuilder
public record AuditLog(
        String id,
        String eventType,
        @Nullable String subject,
        @Nullable String clientId,
        @Nullable String userId,
        RayId rayId,
        Map<String, Object> metadata,
        Instant createdAt,
        String createdBy,
        @Nullable String chain,
        @Nullable Long sequence,
        @Nullable String previousHash,
        @Nullable String hash)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public AuditLog {
        id = Fields.id("id", id);
        eventType = Fields.text("eventType", eventType, Limits.TOKEN);
        subject = Fields.optionalName("subject", subject);
        clientId = Fields.optionalId("clientId", clientId);
        userId = Fields.optionalName("userId", userId);
        Objects.requireNonNull(rayId, "rayId");
        metadata = Fields.json("metadata", metadata);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
    }

    /** A builder with an empty metadata object. */
    public static AuditLogBuilder builder() {
        return AuditLogBuilder.builder().metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public AuditLogBuilder toBuilder() {
        return AuditLogBuilder.builder(this);
    }

    @Override
    public long version() {
        return 1;
    }

    @Override
    public Instant updatedAt() {
        return createdAt;
    }

    @Override
    public String updatedBy() {
        return createdBy;
    }
}
