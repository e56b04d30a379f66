package io.qscope.engine;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.SigningKey;
import io.qscope.model.UserAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which fields make a row the row it is. */
public final class RowIdentity {

    private RowIdentity() {}

    /** Whether an update from {@code stored} to {@code given} leaves alone what only inserts and transitions may set. */
    public static boolean kept(Row stored, Row given) {
        return birth(stored).equals(birth(given)) && owned(stored).equals(owned(given));
    }

    /**
     * Whether {@code stored} is what became of inserting {@code given}: equal while nobody wrote it since, else equal in what
     * no later write may change.
     */
    public static boolean sameInsert(Row given, Row stored) {
        return stored.version() == 1
                ? asStored(given, stored).equals(stored)
                : birth(given).equals(birth(stored));
    }

    /** What a row is born with for life. */
    private static List<@Nullable Object> birth(Row row) {
        if (row instanceof Authorization r) {
            return of(row, r.clientId());
        }
        if (row instanceof AuthorizationCode r) {
            return of(row, r.code(), r.clientId(), r.authorizationId());
        }
        if (row instanceof AccessToken r) {
            return of(row, r.token(), r.clientId(), r.authorizationId());
        }
        if (row instanceof RefreshToken r) {
            return of(row, r.token(), r.clientId(), r.authorizationId(), r.predecessorId());
        }
        if (row instanceof DeviceCode r) {
            return of(row, r.deviceCode(), r.userCode(), r.clientId(), r.authorizationId());
        }
        if (row instanceof IdToken r) {
            return of(row, r.token(), r.clientId(), r.userId(), r.authorizationId(), r.expiresAt());
        }
        if (row instanceof AuthorizationRequest r) {
            return of(row, r.handle(), r.clientId(), r.authorizationId());
        }
        if (row instanceof Consent r) {
            return of(row, r.clientId(), r.userId());
        }
        if (row instanceof SigningKey r) {
            return of(row, r.algorithm(), r.publicKey());
        }
        if (row instanceof UserAccount r) {
            return of(row, r.username());
        }
        return of(row);
    }

    /** What only transitions change. */
    private static List<@Nullable Object> owned(Row row) {
        if (row instanceof Authorization r) {
            return Arrays.asList(r.revokedAt());
        }
        if (row instanceof AuthorizationCode r) {
            return Arrays.asList(r.consumedAt());
        }
        if (row instanceof AccessToken r) {
            return Arrays.asList(r.revokedAt());
        }
        if (row instanceof RefreshToken r) {
            return Arrays.asList(r.rotatedAt(), r.graceUses(), r.revokedAt());
        }
        if (row instanceof DeviceCode r) {
            return Arrays.asList(r.userId(), r.interval(), r.state(), r.lastPolledAt());
        }
        if (row instanceof AuthorizationRequest r) {
            return Arrays.asList(r.consumedAt());
        }
        if (row instanceof Consent r) {
            return Arrays.asList(r.revokedAt());
        }
        return List.of();
    }

    private static List<@Nullable Object> of(Row row, @Nullable Object... more) {
        List<@Nullable Object> fields =
                new ArrayList<>(Arrays.asList(row.getClass(), row.id(), row.createdAt(), row.createdBy()));
        fields.addAll(Arrays.asList(more));
        return fields;
    }

    /** {@code given}, with what the store itself sets taken from {@code stored}. */
    private static Row asStored(Row given, Row stored) {
        if (given instanceof OAuthClient g) {
            return g.toBuilder().version(1).build();
        }
        if (given instanceof Authorization g) {
            return g.toBuilder().version(1).build();
        }
        if (given instanceof Consent g) {
            return g.toBuilder().version(1).build();
        }
        if (given instanceof SigningKey g) {
            return g.toBuilder().version(1).build();
        }
        if (given instanceof UserAccount g) {
            return g.toBuilder().version(1).build();
        }
        if (given instanceof AuditLog g && stored instanceof AuditLog s) {
            return g.toBuilder()
                    .chain(s.chain())
                    .sequence(s.sequence())
                    .previousHash(s.previousHash())
                    .hash(s.hash())
                    .build();
        }
        return childAsStored(given, stored);
    }

    private static Row childAsStored(Row given, Row stored) {
        if (given instanceof AuthorizationCode g && stored instanceof AuthorizationCode s) {
            return g.toBuilder()
                    .version(1)
                    .authorizationRevokedAt(s.authorizationRevokedAt())
                    .build();
        }
        if (given instanceof AccessToken g && stored instanceof AccessToken s) {
            return g.toBuilder()
                    .version(1)
                    .authorizationRevokedAt(s.authorizationRevokedAt())
                    .build();
        }
        if (given instanceof RefreshToken g && stored instanceof RefreshToken s) {
            return g.toBuilder()
                    .version(1)
                    .authorizationRevokedAt(s.authorizationRevokedAt())
                    .build();
        }
        if (given instanceof DeviceCode g && stored instanceof DeviceCode s) {
            return g.toBuilder()
                    .version(1)
                    .authorizationRevokedAt(s.authorizationRevokedAt())
                    .build();
        }
        if (given instanceof IdToken g && stored instanceof IdToken s) {
            return g.toBuilder()
                    .version(1)
                    .authorizationRevokedAt(s.authorizationRevokedAt())
                    .build();
        }
        if (given instanceof AuthorizationRequest g && stored instanceof AuthorizationRequest s) {
            return g.toBuilder()
                    .version(1)
                    .authorizationRevokedAt(s.authorizationRevokedAt())
                    .build();
        }
        return given;
    }
}
