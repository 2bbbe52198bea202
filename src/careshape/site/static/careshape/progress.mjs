// Tells how far long work is, and shows its result when it has ended. The page works by its link without this.
const box = document.querySelector('[data-progress]')
const words = box?.querySelector('[data-progress-words]')
let wait = 1000

async function look () {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: 'application/json' }, cache: 'no-store' })
    if (!answer.ok) throw new Error(answer.status)
    const told = await answer.json()
    if (!(told.busy ?? !told.ended)) {
      location.reload()
      return
    }
    const text = [told.words ?? told.state_words, told.stage ?? told.words].filter((one, n, all) => one && all.indexOf(one) === n).join(': ') + (told.percent == null ? '' : ` (${told.percent}%)`)
    if (words.textContent !== text) words.textContent = text
    wait = Math.min(wait * 1.2, 5000)
  } catch {
    wait = Math.min(wait * 2, 30000)
  }
  setTimeout(look, wait)
}

if (box && words) setTimeout(look, wait)
