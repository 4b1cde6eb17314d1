import { expect, test } from 'vitest'
import { cronSentence } from './cron-text'

test.each([
  ['30 2 * * *', '毎日 2:30', 'Every day at 2:30'],
  ['@daily', '毎日 0:00', 'Every day at 0:00'],
  ['0 9 * * 1', '毎週月曜 9:00', 'Every Monday at 9:00'],
  ['0 9 * * MON', '毎週月曜 9:00', 'Every Monday at 9:00'],
  ['@weekly', '毎週日曜 0:00', 'Every Sunday at 0:00'],
  ['0 9 * * 7', '毎週日曜 9:00', 'Every Sunday at 9:00'],
  ['0 9 * * 1-5', '毎週月〜金曜 9:00', 'Monday to Friday at 9:00'],
  ['0 9 * * fri-sun', '毎週金〜日曜 9:00', 'Friday to Sunday at 9:00'],
  ['0 9 * * 0,6', '毎週土・日曜 9:00', 'Every Saturday and Sunday at 9:00'],
  ['0 9 * * 1,3,5', '毎週月・水・金曜 9:00', 'Every Monday, Wednesday and Friday at 9:00'],
  ['0 9 1 * *', '毎月1日 9:00', 'On the 1st of every month at 9:00'],
  ['0 9 2,23 * *', '毎月2日・23日 9:00', 'On the 2nd and 23rd of every month at 9:00'],
  ['0 9 11 * *', '毎月11日 9:00', 'On the 11th of every month at 9:00'],
  ['0 0 1 4 *', '毎年4月1日 0:00', 'Every year on 1 April at 0:00'],
  ['@yearly', '毎年1月1日 0:00', 'Every year on 1 January at 0:00'],
  ['0 0 1 1,7 *', '毎年1・7月の1日 0:00', 'On the 1st of January and July at 0:00'],
  ['0 8 * APR *', '4月の毎日 8:00', 'Every day in April at 8:00'],
  ['0 8 * 4 1', '4月の毎週月曜 8:00', 'Every Monday in April at 8:00'],
  ['0 9,17 * * *', '毎日 9:00、17:00', 'Every day at 9:00 and 17:00'],
  ['* * * * *', '毎分', 'Every minute'],
  ['*/15 * * * *', '15分ごと', 'Every 15 minutes'],
  ['*/15 9-17 * * 1-5', '毎週月〜金曜 9:00〜17:45 15分ごと', 'Every 15 minutes, from 9:00 to 17:45, Monday to Friday'],
  ['*/30 9 * * *', '毎日 9:00〜9:30 30分ごと', 'Every 30 minutes, from 9:00 to 9:30'],
  ['0 * * * *', '毎時0分', 'Every hour'],
  ['5 * * * *', '毎時5分', 'Every hour at 5 minutes past'],
  ['10 */6 * * *', '6時間ごと（0:10から）', 'Every 6 hours at 10 minutes past'],
  ['30 9-17 * * *', '毎日 9:30〜17:30 1時間ごと', 'Every hour, from 9:30 to 17:30'],
  ['  30   2 * * * ', '毎日 2:30', 'Every day at 2:30'],
])('%s is told as %s', (expression, ja, en) => {
  expect(cronSentence(expression, 'ja')).toBe(ja)
  expect(cronSentence(expression, 'en')).toBe(en)
})

test.each(['', '30 2 * *', '0 30 2 * * *', '*/45 * * * *', '0 */5 * * *', '0 9 1 * 1', '61 9 * * *', '0 24 * * *', '5/10 * * * *', '0 9 * * 5-1', 'いつか', '0,10,20,30,40 9 * * *', '@noon', '0 9 */2 * *'])(
  '%j has no sentence: the expression speaks for itself',
  (expression) => {
    expect(cronSentence(expression, 'ja')).toBeUndefined()
    expect(cronSentence(expression, 'en')).toBeUndefined()
  },
)
