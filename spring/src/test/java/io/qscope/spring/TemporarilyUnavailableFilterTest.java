package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a client is told while the storage is out of reach. */
class TemporarilyUnavailableFilterTest {

    private final TemporarilyUnavailableFilter filter = new TemporarilyUnavailableFilter(Duration.ofSeconds(7));

    /** An endpoint. */
    private interface Endpoint {
        void answer(HttpServletResponse response) throws IOException;
    }

    private MockHttpServletResponse answer(Endpoint endpoint) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        FilterChain chain = (request, wrapped) -> endpoint.answer((HttpServletResponse) wrapped);
        filter.doFilter(new MockHttpServletRequest(), response, chain);
        return response;
    }

    private static void write(HttpServletResponse response, int status, String body) throws IOException {
        response.setStatus(status);
        response.getWriter().write(body);
        response.flushBuffer();
    }

    private static Endpoint afterFailure(Endpoint endpoint) {
        return response -> {
            UnavailableRequests.note();
            endpoint.answer(response);
        };
    }

    @Test
    void errorsOfEveryKindBecome503WithRetryAfter() throws Exception {
        for (Endpoint endpoint : List.<Endpoint>of(
                response -> write(response, 400, "{\"error\":\"temporarily_unavailable\"}"),
                response -> write(response, 401, "{\"error\":\"temporarily_unavailable\"}"),
                response -> response.setStatus(401),
                response -> response.sendError(500),
                response -> response.sendError(400, "bad"),
                response -> response.sendRedirect("/login"),
                response -> response.sendRedirect("/login", true),
                response -> response.sendRedirect("/login", 303),
                response -> response.sendRedirect("/login", 303, false),
                response -> {
                    throw new IllegalStateException("failed");
                })) {
            MockHttpServletResponse response = answer(afterFailure(endpoint));
            assertThat(response.getStatus()).isEqualTo(503);
            assertThat(response.getHeader("Retry-After")).isEqualTo("7");
            assertThat(response.getRedirectedUrl()).isNull();
            assertThat(response.getContentAsString()).isEqualTo("{\"error\":\"temporarily_unavailable\"}");
        }
    }

    @Test
    void redirectThatTellsTheClientStays() throws Exception {
        String url = "https://app.example/cb?error=temporarily_unavailable&state=x";
        MockHttpServletResponse response = answer(afterFailure(each -> each.sendRedirect(url)));
        assertThat(response.getRedirectedUrl()).isEqualTo(url);
    }

    @Test
    void successStaysOneAndErrorsOfOthersStayTheirs() throws Exception {
        assertThat(answer(afterFailure(response -> write(response, 200, "fine")))
                        .getStatus())
                .isEqualTo(200);
        MockHttpServletResponse refused = answer(response -> write(response, 400, "{\"error\":\"invalid_grant\"}"));
        assertThat(refused.getStatus()).isEqualTo(400);
        assertThat(refused.getHeader("Retry-After")).isNull();
        assertThat(answer(response -> response.sendRedirect("/login")).getRedirectedUrl())
                .isEqualTo("/login");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> answer(response -> {
                    throw new IllegalStateException("failed");
                }));
    }

    @Test
    void nextRequestOfTheThreadBeginsAnew() throws Exception {
        answer(afterFailure(response -> response.sendError(500)));
        assertThat(answer(response -> response.sendError(404)).getStatus()).isEqualTo(404);
    }
}
