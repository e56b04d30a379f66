package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Engines that are wrong about families. */
final class SabotagedFamilies {

    private SabotagedFamilies() {}

    @Caught(by = "FamilyLookups.aFamilyIsReadAtOneMoment")
    static class FamilyIsReadPieceByPiece extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizations.getFamily")) {
                return call.future();
            }
            Storage honest = call.honest();
            String id = call.argument(String.class);
            RayId ray = call.argument(RayId.class);
            CompletableFuture<Optional<Family>> first = call.future();
            return first.thenCompose(early -> honest.authorizations()
                    .getFamily(id, ray)
                    .thenApply(late -> early.flatMap(family -> late.map(then -> with(family, then.refreshToken())))));
        }

        private static Family with(Family family, @Nullable RefreshToken refreshToken) {
            return new Family(
                    family.root(),
                    family.request(),
                    family.code(),
                    family.deviceCode(),
                    family.accessToken(),
                    refreshToken,
                    family.idToken());
        }
    }

    @Caught(by = "FamilyLookups.theRowThatWasAskedByStandsInItsPlace")
    static class TheNewestStandsInPlaceOfWhatWasAskedBy extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            RayId ray = call.is("accessTokens.getFamily") ? call.argument(RayId.class) : RayId.random();
            return call.is("accessTokens.getFamily")
                    ? call.<Optional<Family>>future()
                            .thenCompose(found -> found.isEmpty()
                                    ? CompletableFuture.completedFuture(found)
                                    : call.honest()
                                            .authorizations()
                                            .getFamily(found.get().root().id(), ray))
                    : call.future();
        }
    }

    @Caught(by = "FamilyLookups.whatExpiredOrWasRevokedCounts")
    static class RevokedTokensAreLeftOut extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("authorizations.getFamily")
                    ? call.<Optional<Family>>future()
                            .thenApply(found -> found.map(family -> without(family, family.accessToken())))
                    : call.future();
        }

        private static Family without(Family family, @Nullable AccessToken token) {
            return token == null || token.revokedAt() == null
                    ? family
                    : new Family(
                            family.root(),
                            family.request(),
                            family.code(),
                            family.deviceCode(),
                            null,
                            family.refreshToken(),
                            family.idToken());
        }
    }

    @Caught(by = "FamilyLookups.aRotatedRefreshTokenCountsNoMore", with = "FamilyLookups.aFamilyIsReadAtOneMoment")
    static class RotatedTokensCount extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizations.getFamily")) {
                return call.future();
            }
            String id = call.argument(String.class);
            RayId ray = call.argument(RayId.class);
            return call.<Optional<Family>>future()
                    .thenCompose(found -> call.honest()
                            .refreshTokens()
                            .listByAuthorization(id, Page.first(100), ray)
                            .thenCompose(tokens -> tokens.rows().stream()
                                    .filter(token -> token.rotatedAt() != null)
                                    .findFirst()
                                    .map(token -> byToken(call, token.token(), ray))
                                    .orElseGet(() -> CompletableFuture.completedFuture(found))));
        }

        private static CompletableFuture<Optional<Family>> byToken(Call call, TokenDigest token, RayId ray) {
            return call.honest().refreshTokens().getFamily(token, ray);
        }
    }
}
