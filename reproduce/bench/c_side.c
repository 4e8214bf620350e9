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

typedef struct {
    int rule;
    float eta, alpha, rho, beta_1, beta_2, epsilon;
    float rate, scale; /* Adam's corrections for bias, of the update at hand */
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
   that are not left alone, `most` apart. lag, left: see `change`, by the number of
   missed updates. */
void train(Rule *r, int layers, const int *widths, float **w, float **a, float **b,
           const int *places, const float *values, const int *counts, int most,
           const int *labels, const int *order, int updates, const float *lag,
           const float *left)
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
            r->rate = r->eta / (1 - powf(r->beta_1, m + 1));
            r->scale = 1 / (1 - powf(r->beta_2, m + 1));
        }

        for (int l = 0; l < layers; l++) {
            float *out = units[l + 1];
            int n = widths[l + 1], rows = l ? widths[l] : count;
            memcpy(out, w[2 * l + 1], n * sizeof *out);
            for (int k = 0; k < rows; k++) {
                int i = l ? k : inked[k], missed = l ? 0 : m - since[i];
                long at = (long)i * n;
                add(out, units[l][k], w[2 * l] + at, a[2 * l] + at, n, lag[missed]);
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
                       lag[missed], left[missed]);
            }
            change(r, w[2 * l + 1], a[2 * l + 1], b[2 * l + 1], 1, above, n, 0, 1);
            memcpy(above, below, sizeof(float) * widths[l]);
        }
    }

    for (int i = 0; i < pixels; i++)
        for (int j = 0; j < widths[1]; j++) {
            long at = (long)i * widths[1] + j;
            w[0][at] += lag[updates - since[i]] * a[0][at];
            a[0][at] *= left[updates - since[i]];
        }
#ifdef __SSE__
    _mm_setcsr(before);
#endif
}
