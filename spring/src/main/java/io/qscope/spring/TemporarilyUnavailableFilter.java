package io.qscope.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 with {@code Retry-After} (RFC 9110 §15.6.4) where a request failed because the storage is out of reach: Spring's
 * endpoints would say 400, 401 or 500, or send a user to log in. What succeeded all the same is left alone.
 */
final class TemporarilyUnavailableFilter extends OncePerRequestFilter {

    private final Duration retryAfter;

    TemporarilyUnavailableFilter(Duration retryAfter) {
        this.retryAfter = retryAfter;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        UnavailableResponse answer = new UnavailableResponse(response, retryAfter);
        UnavailableRequests.begin();
        try {
            chain.doFilter(request, answer);
            answer.complete();
        } catch (ServletException | IOException | RuntimeException e) {
            if (!UnavailableRequests.noted() || response.isCommitted()) {
                throw e;
            }
            logger.warn("A request failed because the storage is out of reach", e);
            answer.unavailable();
        } finally {
            UnavailableRequests.end();
        }
    }
}
