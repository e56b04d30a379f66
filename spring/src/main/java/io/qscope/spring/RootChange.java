package io.qscope.spring;

import io.qscope.model.Authorization;
import java.time.Instant;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;

/** How the root of an authorization is to change. What the authorization did not change stays as it is stored now. */
final class RootChange {

    private final OAuth2Authorization given;
    private final Authorization stored;
    private final RootAttributes attributes;
    private final boolean isApproved;
    private final boolean samePrincipal;
    private final boolean sameGrant;
    private final boolean sameScopes;
    private final boolean sameAttributes;

    /**
     * @param stored as it is stored now
     * @param isApproved whether an approval of the same unit writes it first, and names the user
     */
    RootChange(OAuth2Authorization given, OAuth2Authorization was, Authorization stored, boolean isApproved) {
        this.given = given;
        this.stored = stored;
        this.attributes = RootAttributes.of(stored);
        this.isApproved = isApproved;
        this.samePrincipal = given.getPrincipalName().equals(was.getPrincipalName());
        this.sameGrant = given.getAuthorizationGrantType().equals(was.getAuthorizationGrantType());
        this.sameScopes = given.getAuthorizedScopes().equals(was.getAuthorizedScopes());
        this.sameAttributes = FamilyRows.attributesWithoutState(given).equals(FamilyRows.attributesWithoutState(was));
    }

    boolean isNeeded() {
        String user = FamilyRows.userId(given);
        boolean sameUser = user == null || isApproved || user.equals(stored.userId());
        return !(samePrincipal && sameGrant && sameScopes && sameAttributes && sameUser);
    }

    /** @throws IllegalArgumentException naming what cannot be stored */
    Authorization changed(FamilyRows rows, Instant now) {
        String user = FamilyRows.userId(given);
        RootAttributes changed = new RootAttributes(
                sameGrant
                        ? attributes.grantType()
                        : given.getAuthorizationGrantType().getValue(),
                samePrincipal ? attributes.principalName() : given.getPrincipalName(),
                sameAttributes ? attributes.attributes() : rows.attributes(given));
        return stored.toBuilder()
                .version(stored.version() + (isApproved ? 1 : 0))
                .userId(user == null ? stored.userId() : user)
                .scopes(sameScopes ? stored.scopes() : given.getAuthorizedScopes())
                .attributes(changed.json())
                .updatedAt(now)
                .updatedBy(rows.actor())
                .build();
    }
}
