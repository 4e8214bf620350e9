/* Training with one example an update, written by hand: as fast as plain C goes.

   An update is one pass forward and one back, in which each row of weights is read,
   gives its share of the gradient below, and is changed. Rows of the first kernel whose
   pixel is blank are left alone, and make up for the updates they missed when it is
   inked again. The rules are those of `reproduce/optimizers`, on one row. */

#include <math.h>
#include <string.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

enum { SGD, MOMENTUM, NAG, ADAGRAD, RMSPROP, ADAM };

enum { LAYERS = 8, UNITS = 4096 };

/* Of Adam: updates in which its correction for bias is young, and those after which
   a gradient is forgotten. */
enum { EARLY = 1024, MEMORY = 160 };

typedef struct {
    int rule;
    float eta, alpha, rho, beta_1, beta_2, epsilon;
    float rate, scale; /* Adam's corrections for bias, of the update at hand */
    /* What k missed updates do: w moves by lag[k] * a; then a is multiplied by left[k],
       b by other_left[k]. Adam also divides by the root of b, which shrinks by beta_2
       an update; mean[k] stands for all k of them: the mean of beta_2^-j over the
       missed updates j, each weighted by its part of lag[k]. */
    const float *lag, *left, *other_left, *mean;
} Rule;

/* w, a, b: weights and up to two states. The gradient of w[j] is x * g[j]. The row has
   missed updates in which w would have gone by `lag` * a, and a to `left` * a. */
static void change(const Rule *r, float *restrict w, float *restrict a,
                   float *restrict b, float x, const float *restrict g, int n,
                   float lag, float left)
{
    switch (r->rule) {
    case SGD:
        for (int j = 0; j < n; j++)
            w[j] -= r->eta * x * g[j];
        break;
    case MOMENTUM:
        for (int j = 0; j < n; j++) {
            float delta = r->alpha * left * a[j] - r->eta * x * g[j];
            w[j] += lag * a[j] + delta;
            a[j] = delta;
        }
        break;
    case NAG: /* w is the point ahead */
        for (int j = 0; j < n; j++) {
            float before = left * a[j];
            float delta = r->alpha * before - r->eta * x * g[j];
            w[j] += lag * a[j] + (1 + r->alpha) * delta - r->alpha * before;
            a[j] = delta;
        }
        break;
    case ADAGRAD:
        for (int j = 0; j < n; j++) {
            float gradient = x * g[j];
            a[j] += gradient * gradient;
            w[j] -= r->eta * gradient / sqrtf(a[j] + r->epsilon);
        }
        break;
    case RMSPROP:
        for (int j = 0; j < n; j++) {
            float gradient = x * g[j];
            a[j] = r->rho * left * a[j] + (1 - r->rho) * gradient * gradient;
            w[j] -= r->eta * gradient / sqrtf(a[j] + r->epsilon);
        }
        break;
    case ADAM:
        for (int j = 0; j < n; j++) {
            float gradient = x * g[j];
            a[j] = r->beta_1 * a[j] + (1 - r->beta_1) * gradient;
            b[j] = r->beta_2 * b[j] + (1 - r->beta_2) * gradient * gradient;
            w[j] -= r->rate * a[j] / sqrtf(r->scale * b[j] + r->epsilon);
        }
    }
}

/* Adam's missed updates, of which the first is n + 1. While the correction for bias
   is young their sum is taken one by one, later at the mean of the root. */
static void catch_up(const Rule *r, float *restrict w, float *restrict a,
                     float *restrict b, int n, int missed, int units)
{
    static float sum[UNITS];
    if (!missed)
        return;
    if (n < EARLY) {
        memset(sum, 0, units * sizeof *sum);
        for (int k = 1; k <= missed && k <= MEMORY; k++) {
            float share = powf(r->beta_1, k) / (1 - powf(r->beta_1, n + k));
            float scale = r->other_left[k] / (1 - r->other_left[n + k]);
            for (int j = 0; j < units; j++)
                sum[j] += share / sqrtf(scale * b[j] + r->epsilon);
        }
    } else {
        float scale = 1 / (r->mean[missed] - r->other_left[n]);
        for (int j = 0; j < units; j++)
            sum[j] = r->lag[missed] / sqrtf(scale * b[j] + r->epsilon);
    }
    for (int j = 0; j < units; j++) {
        w[j] -= r->eta * a[j] * sum[j];
        a[j] *= r->left[missed];
        b[j] *= r->other_left[missed];
    }
}

/* sum += x * (w + lag * a) */
static void add(float *restrict sum, float x, const float *restrict w,
                const float *restrict a, int n, float lag)
{
    if (lag == 0)
        for (int j = 0; j < n; j++)
            sum[j] += x * w[j];
    else
        for (int j = 0; j < n; j++)
            sum[j] += x * (w[j] + lag * a[j]);
}

/* The sum of w * g */
static float dot(const float *restrict w, const float *restrict g, int n)
{
    float sum = 0;
    for (int j = 0; j < n; j++)
        sum += w[j] * g[j];
    return sum;
}

/* Train on the images in `order`.

   widths: pixels, then units of each layer. w, a, b: kernel and bias of each layer in
   turn, and their states. places, values: of the first `counts` pixels of each image
   that are not blank, `most` apart. done: updates before these. */
void train(Rule *r, int layers, const int *widths, float **w, float **a, float **b,
           const int *places, const float *values, const int *counts, int most,
           const int *labels, const int *order, int updates, int done)
{
    static float units[LAYERS + 1][UNITS], above[UNITS], below[UNITS];
    static int since[UNITS];
    int pixels = widths[0], classes = widths[layers];
    memset(since, 0, sizeof since);
#ifdef __SSE__
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040); /* numbers too small for fast arithmetic are 0 */
#endif

    for (int m = 0; m < updates; m++) {
        const int *inked = places + (long)order[m] * most, count = counts[order[m]];
        memcpy(units[0], values + (long)order[m] * most, count * sizeof(float));
        if (r->rule == ADAM) {
            r->rate = r->eta / (1 - powf(r->beta_1, done + m + 1));
            r->scale = 1 / (1 - r->other_left[done + m + 1]);
        }

        for (int l = 0; l < layers; l++) {
            float *out = units[l + 1];
            int n = widths[l + 1], rows = l ? widths[l] : count;
            memcpy(out, w[2 * l + 1], n * sizeof *out);
            for (int k = 0; k < rows; k++) {
                int i = l ? k : inked[k], missed = l ? 0 : m - since[i];
                long at = (long)i * n;
                if (r->rule == ADAM) {
                    catch_up(r, w[0] + at, a[0] + at, b[0] + at, done + since[i],
                             missed, n);
                    missed = 0;
                }
                add(out, units[l][k], w[2 * l] + at, a[2 * l] + at, n,
                    r->lag[missed]);
            }
            if (l < layers - 1)
                for (int j = 0; j < n; j++)
                    out[j] = 1 / (1 + expf(-out[j]));
        }

        float *out = units[layers], highest = out[0], sum = 0;
        for (int j = 1; j < classes; j++)
            highest = fmaxf(highest, out[j]);
        for (int j = 0; j < classes; j++)
            sum += above[j] = expf(out[j] - highest);
        for (int j = 0; j < classes; j++)
            above[j] = above[j] / sum - (j == labels[order[m]]);

        for (int l = layers - 1; l >= 0; l--) {
            int n = widths[l + 1], rows = l ? widths[l] : count;
            for (int k = 0; k < rows; k++) {
                int i = l ? k : inked[k], missed = l ? 0 : m - since[i];
                long at = (long)i * n;
                float x = units[l][k];
                if (l)
                    below[k] = dot(w[2 * l] + at, above, n) * x * (1 - x);
                else
                    since[i] = m + 1;
                change(r, w[2 * l] + at, a[2 * l] + at, b[2 * l] + at, x, above, n,
                       r->lag[missed], r->left[missed]);
            }
            change(r, w[2 * l + 1], a[2 * l + 1], b[2 * l + 1], 1, above, n, 0, 1);
            memcpy(above, below, sizeof(float) * widths[l]);
        }
    }

    for (int i = 0; i < pixels; i++) {
        int n = widths[1], missed = updates - since[i];
        float *row = w[0] + (long)i * n, *state = a[0] + (long)i * n;
        if (r->rule == ADAM)
            catch_up(r, row, state, b[0] + (long)i * n, done + since[i], missed, n);
        else
            for (int j = 0; j < n; j++) {
                row[j] += r->lag[missed] * state[j];
                state[j] *= r->left[missed];
            }
    }
#ifdef __SSE__
    _mm_setcsr(before);
#endif
}
