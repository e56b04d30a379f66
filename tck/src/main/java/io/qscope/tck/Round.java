package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.SigningKey;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import java.util.Random;

/**
 * One round of a race, on one storage. Every key, row and attempt follows from the run and the round's number, so that
 * callers in two processes play the same round without telling each other more than these two.
 */
record Round(String run, int number, Storage storage) {

    /** A run of its own, which no other uses. */
    static String newRun(Random random) {
        return "%016x".formatted(random.nextLong());
    }

    /** An id of this round. */
    String id(String what) {
        return run + "-" + number + "-" + what;
    }

    TokenDigest digest(String what) {
        return TokenDigest.sha256("a secret of " + id(what));
    }

    Attempt attempt(String what) {
        return new Attempt(id(what), Rows.NOW, what);
    }

    RayId ray(String what) {
        return new RayId(id(what));
    }

    /** The client of the whole run. */
    OAuthClient client() {
        return rows().client().toBuilder()
                .id(run)
                .clientIdentifier("client-" + run)
                .build();
    }

    /** The round's family. */
    Authorization root() {
        return root("root");
    }

    Authorization root(String what) {
        return rows().authorization(client()).toBuilder()
                .id(id(what))
                .userId(id("user"))
                .build();
    }

    AuthorizationCode code(String what) {
        return rows().code(root()).toBuilder().id(id(what)).code(digest(what)).build();
    }

    AccessToken accessToken(String what) {
        return rows().accessToken(root()).toBuilder()
                .id(id(what))
                .token(digest(what))
                .build();
    }

    RefreshToken refreshToken(String what) {
        return rows().refreshToken(root()).toBuilder()
                .id(id(what))
                .token(digest(what))
                .build();
    }

    /** The token that may follow {@code refreshToken(predecessor)}. */
    RefreshToken successor(String predecessor, String what) {
        return refreshToken(what).toBuilder().predecessorId(id(predecessor)).build();
    }

    DeviceCode deviceCode(String what) {
        return rows().deviceCode(root()).toBuilder()
                .id(id(what))
                .deviceCode(digest(what))
                .userCode(digest(what + "-user"))
                .build();
    }

    IdToken idToken(String what) {
        return rows().idToken(root()).toBuilder()
                .id(id(what))
                .token(digest(what))
                .build();
    }

    AuthorizationRequest request(String what) {
        return rows().authorizationRequest(root()).toBuilder()
                .id(id(what))
                .handle(digest(what))
                .build();
    }

    /** A consent to the run's client. */
    Consent consent(String what) {
        return rows().consent(client()).toBuilder()
                .id(id(what))
                .userId(id(what + "-user"))
                .build();
    }

    SigningKey signingKey(String what) {
        return rows().signingKey().toBuilder().id(id(what)).build();
    }

    UserAccount userAccount(String what) {
        return rows().userAccount().toBuilder()
                .id(id(what))
                .username(id(what + "-name"))
                .build();
    }

    AuditLog entry(String what) {
        return rows().auditLog().toBuilder().id(id(what)).rayId(ray(what)).build();
    }

    /** The same rows each time: what is random in them follows from the round's number, and keys are set above. */
    private Rows rows() {
        return new Rows(storage, new Random(number));
    }
}
