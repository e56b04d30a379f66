package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who can sign in, for servers that keep their users here. What is granted in a user's name refers to the {@code username}, by
 * no foreign key: users may as well be kept elsewhere.
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param username what they sign in with, unique and for good: the {@code userId} of all that they grant
 * @param password hashed
 * @param claims what user info may tell of them (OpenID Connect Core 1.0 §5.1), a small JSON object that the store never reads
 * @param disabledAt since when they may not sign in; null while they may
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record UserAccount(
        String id,
        long version,
        String username,
        EncodedSecret password,
        Map<String, Object> claims,
        @Nullable Instant disabledAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public UserAccount {
        id = Fields.id("id", id);
        version = Fields.version(version);
        username = Fields.name("username", username);
        Objects.requireNonNull(password, "password");
        claims = Fields.json("claims", claims);
        disabledAt = Fields.optionalInstant("disabledAt", disabledAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder without claims. */
    public static UserAccountBuilder builder() {
        return UserAccountBuilder.builder().claims(Map.of());
    }

    /** A builder that starts from this row. */
    public UserAccountBuilder toBuilder() {
        return UserAccountBuilder.builder(this);
    }

    /** Whether they may sign in. */
    public boolean isEnabled() {
        return disabledAt == null;
    }

    /** Without the claims, which tell who somebody is. */
    @Override
    public String toString() {
        return "UserAccount[id=" + id + ", version=" + version + ", password=" + password + ", disabledAt=" + disabledAt
                + "]";
    }
}
